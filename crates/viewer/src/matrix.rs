//! Several snapshots beside each other, as a table.

use diff_core::{Cell, DiffOptions, Snapshot, matrix};

use crate::ask::{FileId, MatrixRow, MatrixView};

/// The objects in which `snapshots` do not all agree.
pub(crate) fn view(files: Vec<FileId>, snapshots: &[&Snapshot], options: &DiffOptions) -> MatrixView {
    let found = matrix(snapshots, options);
    let row = |row: &diff_core::MatrixRow| MatrixRow {
        id: row.id.to_string(),
        word: row.id.kind().label().to_owned(),
        name: row.id.dotted(),
        cells: row.cells.clone(),
        odd: row.odd_one,
    };
    let rows: Vec<MatrixRow> = found.rows.iter().filter(|row| !row.is_same).map(row).collect();
    let steps = (1..files.len()).map(|at| step(&rows, at)).collect();
    MatrixView { same: found.rows.len() - rows.len(), distances: found.distances, files, rows, steps }
}

/// What came, went and changed from one file to the next.
fn step(rows: &[MatrixRow], at: usize) -> [usize; 3] {
    rows.iter().fold([0; 3], |mut counts, row| {
        match (row.cells[at - 1], row.cells[at]) {
            (Cell::Absent, Cell::Class(_)) => counts[0] += 1,
            (Cell::Class(_), Cell::Absent) => counts[1] += 1,
            (Cell::Class(a), Cell::Class(b)) if a != b => counts[2] += 1,
            _ => {}
        }
        counts
    })
}
