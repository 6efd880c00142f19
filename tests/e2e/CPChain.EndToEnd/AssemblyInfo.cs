[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Every test starts whole networks and measures nothing but them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
