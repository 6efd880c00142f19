// Every cluster runs real timers: two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
