// The console belongs to the engine that is open, so that two of them cannot be tested at once.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
