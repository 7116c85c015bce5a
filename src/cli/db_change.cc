// SPDX-License-Identifier: Apache-2.0
// peekr db add and verify.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/updating.h"
#include "db/verify.h"
#include "report/columns.h"
#include "service/private.h"

namespace peekr {
namespace {

constexpr std::size_t kShown = 20;

std::string shared_text(const std::vector<std::string>& shared) {
  if (shared.empty()) return {};
  std::string out =
      "also in other sources, of which for one package the record without a date counts, else that modified "
      "last:\n";
  for (std::size_t i = 0; i < std::min(shared.size(), kShown); ++i) out += "  " + one_line(shared[i]) + "\n";
  if (shared.size() > kShown) out += fmt::format("  and {} more\n", grouped_digits(shared.size() - kShown));
  return out;
}

std::string spelling_text(const std::vector<std::string>& all) {
  std::string out;
  for (std::size_t i = 0; i < std::min(all.size(), kShown); ++i) out += one_line(all[i]) + "\n";
  if (all.size() > kShown)
    out += fmt::format("and {} more ecosystems\n", grouped_digits(all.size() - kShown));
  return out;
}

}  // namespace

Result<int> db_add_command(const Options& options) {
  std::string out;
  std::vector<Note> notes;
  for (const std::string& file : options.from) {
    const Result<Added> added = add_private(
        {.file = file, .directory = database_directory(options), .now = now(), .turn = turn_of(options)},
        notes);
    if (!added) {
      tell(options, out + not_taken_in(notes));
      return std::unexpected(added.error());
    }
    const Changes& changes = added->changes;
    out += fmt::format("{}: {} added, {} changed, {} gone\n", one_line(file),
                       grouped_digits(changes.added.size()), grouped_digits(changes.changed.size()),
                       grouped_digits(changes.vanished.size()));
    out += shared_text(added->shared) + spelling_text(added->spelling);
  }
  TRY(write_output(options, out + not_taken_in(notes)));
  return 0;
}

Result<int> db_verify_command(const Options& options) {
  const Verified found = TRY(verify(database_directory(options)));
  std::string out = fmt::format("{} records, {} rows by package, {} risks and {} past records are read\n",
                                grouped_digits(found.records), grouped_digits(found.rows),
                                grouped_digits(found.risks), grouped_digits(found.past));
  for (const std::string& one : found.first) out += "fault: " + one_line(one) + "\n";
  if (found.faults > found.first.size())
    out += fmt::format("and {} more\n", grouped_digits(found.faults - found.first.size()));
  TRY(write_output(options, out));
  if (found.faults == 0) return 0;
  return fail(Errc::damaged, "database " + database_directory(options) + ": " + std::to_string(found.faults) +
                                 " faults: build it again");
}

}  // namespace peekr
