// Pseudo-terminals are numbered anew as soon as one is closed: a gateway that follows the link of a register that just ended could open
// the terminal of another test's register. So tests of this project run one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
