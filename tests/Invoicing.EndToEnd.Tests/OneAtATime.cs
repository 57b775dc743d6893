// Each test runs a shop of processes on two cores; two at once would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
