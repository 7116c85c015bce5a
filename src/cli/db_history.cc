// SPDX-License-Identifier: Apache-2.0
// peekr db diff and gc: what has changed, and how far back that is known.
#include <fmt/format.h>

#include <filesystem>

#include "base/date.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/updating.h"
#include "db/diff.h"
#include "report/columns.h"
#include "report/json_writer.h"

namespace peekr {
namespace {

struct Side {
  Db db;
  std::string name;
};

// A directory, a day or a time of the database of --db, or "now".
Result<Side> side_of(const Options& options, const Db& db, const std::string& text) {
  std::error_code error;
  const bool directory = std::filesystem::is_directory(text, error);
  if (directory) return Side{TRY(Db::open(text)), text};
  if (text == "now") {
    const std::string built = TRY(db.info()).built;
    return Side{TRY(db.as_of(built)), database_directory(options) + " as of " + built};
  }
  const std::string time = end_of(text);
  if (time.empty())
    return fail(Errc::usage, "db diff " + printable(text) +
                                 ": no such directory, and neither a day (2026-11-23), a "
                                 "time (2026-11-23T12:00:00Z) nor now");
  return Side{TRY(db.as_of(time)), database_directory(options) + " as of " + time};
}

// "3 appeared, 2 changed, 1 vanished"; nothing for none.
std::string counts_text(std::map<Fate, std::uint64_t> counts) {
  std::string out;
  for (const auto& [fate, count] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", grouped_digits(count), name(fate));
  return out;
}

std::string difference_text(const Difference& one) {
  constexpr std::size_t kPackages = 3;
  std::string out = fmt::format("  {} {}",
                                one.fate == Fate::appeared  ? '+'
                                : one.fate == Fate::changed ? '~'
                                                            : '-',
                                one_line(one.id));
  for (std::size_t i = 0; i < std::min(one.packages.size(), kPackages); ++i)
    out += (i == 0 ? "  " : ", ") + one_line(one.packages[i]);
  if (one.packages.size() > kPackages) out += fmt::format(" and {} more", one.packages.size() - kPackages);
  if (!one.fields.empty()) out += ": " + join(one.fields, ", ");
  return out + "\n";
}

std::string text_of(const Differences& all, const Side& before, const Side& after) {
  std::string out = "from  " + one_line(before.name) + "\nto    " + one_line(after.name) + "\n";
  std::map<std::string, std::map<Fate, std::uint64_t>> counts;
  for (const Difference& one : all.records) ++counts[one.source][one.fate];
  std::string source;
  for (const Difference& one : all.records) {
    if (one.source != source)
      out += fmt::format("\n{}: {}\n", one_line(one.source), counts_text(counts[one.source]));
    source = one.source;
    out += difference_text(one);
  }
  for (const auto& [of, risks] : all.risks) {
    out += fmt::format("\n{}: risks: {}\n", one_line(of), counts_text(risks));
    for (const Difference& one : all.exploited) {
      if (one.source != of) continue;
      out += fmt::format("  {} {}  {} known to be exploited\n", one.fate == Fate::appeared ? '+' : '-',
                         one_line(one.id), one.fate == Fate::appeared ? "now" : "no longer");
    }
  }
  if (all.records.empty() && all.risks.empty()) out += "\nnothing has changed\n";
  return out;
}

std::string json_of(const Differences& all, const Side& before, const Side& after) {
  std::string out;
  JsonWriter json(out);
  const auto record = [&](const Difference& one) {
    json.text("source", one.source);
    json.text("id", one.id);
    json.text("fate", name(one.fate));
    json.texts("fields", one.fields, "name");
    json.texts("packages", one.packages, "name");
  };
  json.document([&] {
    json.number("schema_version", 1);
    json.text("from", before.name);
    json.text("to", after.name);
    json.list("records", all.records, record);
    json.list("exploited", all.exploited, record);
    json.list("risks", all.risks, [&](const auto& source) {
      const auto count = [&](Fate fate) {
        const auto found = source.second.find(fate);
        json.number(name(fate), found == source.second.end() ? 0 : found->second);
      };
      json.text("source", source.first);
      for (const Fate fate : {Fate::appeared, Fate::changed, Fate::vanished}) count(fate);
    });
  });
  return out;
}

}  // namespace

Result<int> db_diff_command(const Options& options) {
  std::error_code error;
  const bool directories = std::filesystem::is_directory(options.before, error) &&
                           std::filesystem::is_directory(options.after, error);
  const Db db = TRY(directories ? Db::open(options.before) : open_database(options));
  const Side before = TRY(side_of(options, db, options.before)),
             after = TRY(side_of(options, db, options.after));
  const Differences all = TRY(difference(before.db, after.db));
  TRY(write_output(options,
                   options.format == "json" ? json_of(all, before, after) : text_of(all, before, after)));
  return 0;
}

Result<int> db_gc_command(const Options& options) {
  const std::string directory = database_directory(options);
  const Db old = TRY(open_database(options));
  const std::uint64_t before = TRY(old.info()).bytes;
  DbWriter writer = TRY(in_turn(turn_of(options), [&] { return DbWriter::open(directory, now()); }));
  const std::uint64_t rows = TRY(writer.keep_history(options.keep));
  TRY(writer.commit());
  TRY(writer.compact());
  const Db db = TRY(Db::open(directory));
  const DbInfo info = TRY(db.info());
  TRY(write_output(options,
                   fmt::format("{} dropped of the history, which begins at {}; {:.1f} MB, before {:.1f} MB\n",
                               counted(rows, "row"), one_line(info.history),
                               static_cast<double>(info.bytes) / 1e6, static_cast<double>(before) / 1e6)));
  return 0;
}

}  // namespace peekr
