//! Inkgrad: draw a digit, watch a neural network learn to read it.
//!
//! The modules are listed in reading order, which is the order of dependence: none of them uses one
//! that stands below it.

pub mod nn;

pub mod ink;

pub mod data;

pub mod training;

pub mod explain;

pub mod answering;

pub mod model_file;

pub mod app;

pub mod ui;

pub mod cli;
