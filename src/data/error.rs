/// Why a data set cannot be used: what, where, and what to do, with the numbers.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("loading was cancelled")]
    Cancelled,
    // the owner of `data` adds one variant per way that a file can be wrong
}
