use super::Stop;
use super::bar::{fraction_bar, set_fraction};
use crate::data::{DataSets, DataSource};
use std::ops::ControlFlow;

/// Reads a data set, with a bar where there is a terminal; `flow` may stop it.
pub(super) fn load(
    source: &DataSource,
    flow: impl Fn() -> ControlFlow<()>,
) -> Result<DataSets, Stop> {
    let bar = fraction_bar("Reading the data");
    let data = source.load(&mut |fraction| {
        set_fraction(&bar, fraction);
        flow()
    });
    bar.finish_and_clear();
    data.map_err(Stop::sentence)
}
