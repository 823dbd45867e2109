//! The file that a crash or a kill leaves behind: at most a minute old, offered at the next start.
