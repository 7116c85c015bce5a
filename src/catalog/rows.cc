// SPDX-License-Identifier: Apache-2.0
#include "catalog/rows.h"

#include <algorithm>
#include <array>

#include "base/timer.h"
#include "catalog/declared.h"

namespace peekr {

namespace catalogers {
#define CATALOGER(row) extern const Cataloger row;
#include "catalog/catalogers.def"
#undef CATALOGER
}  // namespace catalogers

namespace {

constexpr std::array kRows = {
#define CATALOGER(row) &catalogers::row,
#include "catalog/catalogers.def"
#undef CATALOGER
};

template <class F>
void for_each(const PatternIndex::Rows& rows, const F& f) {
  if (rows.none()) return;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (rows.test(i)) f(*kRows[i]);
  }
}

PatternIndex::Rows rows_where(bool (*holds)(const Cataloger& row)) {
  PatternIndex::Rows all;
  for (std::size_t i = 0; i < kRows.size(); ++i) all[i] = holds(*kRows[i]);
  return all;
}

}  // namespace

std::span<const Cataloger* const> all_catalogers() { return kRows; }

const PatternIndex& row_index() {
  static const PatternIndex index(all_catalogers());
  return index;
}

const PatternIndex::Rows& system_rows() {
  static const PatternIndex::Rows rows = rows_where([](const Cataloger& row) { return row.of_system; });
  return rows;
}

const PatternIndex::Rows& packed_rows() {
  static const PatternIndex::Rows rows =
      rows_where([](const Cataloger& row) { return !row.of_system && &row != &catalogers::tarball; });
  return rows;
}

const PatternIndex::Rows& bulky_rows() {
  static const PatternIndex::Rows rows =
      rows_where([](const Cataloger& row) { return row.bulky || row.takes == Takes::pieces; });
  return rows;
}

bool any_reads(const PatternIndex::Rows& rows) {
  static const PatternIndex::Rows reading =
      rows_where([](const Cataloger& row) { return !row.reads.empty(); });
  return (rows & reading).any();
}

bool all_take_pieces(const PatternIndex::Rows& rows) {
  static const PatternIndex::Rows whole =
      rows_where([](const Cataloger& row) { return row.takes != Takes::pieces; });
  return (rows & whole).none();
}

void run_rows(const PatternIndex::Rows& rows, const File& file, Inventory& found) {
  for_each(rows, [&](const Cataloger& row) {
    if (row.declares && is_of_dependency(file.path)) return;
    const Timer timer("catalog", row.name);
    const std::size_t first = found.packages.size();
    row.run(file, found);
    if (!row.declares) return;
    found.declared = true;
    for (std::size_t i = first; i < found.packages.size(); ++i) found.packages[i].declared = true;
  });
}

}  // namespace peekr
