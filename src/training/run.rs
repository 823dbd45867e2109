//! A run: the network being trained, its optimiser, its place in the data. No thread and no clock, so that the
//! command line, the tests and the benchmarks use the same steps as the window.
