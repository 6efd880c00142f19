namespace CPChain.Storage.Tests.Stores;

public sealed class InMemoryStoreTests : KeyValueStoreSuite
{
    protected override IKeyValueStore Open() => new InMemoryStore(Format);

    protected override IKeyValueStore OpenAfterCrash(IKeyValueStore store, StoreFormat format) => ((InMemoryStore)store).Copy(format);

    public override void Dispose()
    {
    }
}
