// The seed, the thread count and the live-tensor count are the process's: tests that use them do not run side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
