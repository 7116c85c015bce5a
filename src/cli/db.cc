// SPDX-License-Identifier: Apache-2.0
// peekr db: build and status.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/date.h"
#include "base/environment.h"
#include "base/text.h"
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/updating.h"
#include "report/columns.h"
#include "report/json.h"
#include "service/load.h"
#include "service/spelling.h"

namespace peekr {
namespace {

constexpr std::size_t kNotes = 20;

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// "2026-11-22 (3 days)": the day, and how long ago that is.
std::string day_text(const std::string& time, const std::string& now) {
  if (time.empty()) return "-";
  const std::string day = one_line(time.substr(0, 10));
  const std::optional<std::int64_t> age = days_between(time, now);
  if (!age) return day;
  return day +
         (*age < 0 ? " (to come)"
          : *age == 0
              ? " (today)"
              : fmt::format(" ({})", *age == 1 ? "1 day"
                                               : grouped_digits(static_cast<std::uint64_t>(*age)) + " days"));
}

std::string sources_text(const DbInfo& db, const std::string& now) {
  std::vector<std::array<std::string, 5>> lines = {{"SOURCE", "FEED", "RECORDS", "NEWEST", "FETCHED"}};
  for (const DbSource& source : db.sources) {
    lines.push_back({one_line(source.name), one_line(source.feed), grouped_digits(source.records),
                     day_text(source.newest, now), day_text(source.fetched, now)});
  }
  std::array<std::size_t, 5> widths{};
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], columns(line[i]));
  }
  std::string out;
  for (const auto& line : lines) {
    out += fmt::format("{}  {}  {:>{}}  {}  {}\n", filled(line[0], widths[0]), filled(line[1], widths[1]),
                       line[2], widths[2], filled(line[3], widths[3]), line[4]);
  }
  return out;
}

// What is known not to be in it.
std::string gaps_text(const DbInfo& db, const std::string& now) {
  constexpr std::size_t kShown = 3;  // notes of one source
  std::string held, left_out;
  for (const DbSource& source : db.sources) {
    if (!source.held.empty()) {
      held += fmt::format("  {}: {}; what there is was fetched on {}\n", one_line(source.name),
                          one_line(source.held), day_text(source.fetched, now));
    }
    if (source.left_out == 0) continue;
    left_out += fmt::format("  {}: {}\n", one_line(source.name), grouped_digits(source.left_out));
    for (std::size_t i = 0; i < std::min(source.notes.size(), kShown); ++i) {
      const Note& note = source.notes[i];
      left_out +=
          fmt::format("    {}: {} ({})\n", one_line(note.path.str()), one_line(note.what), name(note.why));
    }
  }
  std::string out;
  if (!held.empty()) out += "\nheld back (db update --accept-shrink takes the new data):\n" + held;
  if (!left_out.empty()) out += "\nnot read, or not whole:\n" + left_out;
  return out;
}

}  // namespace

std::string database_text(const DbInfo& db, const std::string& now) {
  std::string out = "database    " + one_line(db.path) + "\n";
  if (!db.as_of.empty()) out += fmt::format("as of       {}\n", one_line(db.as_of));
  out += fmt::format("built       {}\n", one_line(db.built));
  out += fmt::format("history     since {}\n", one_line(db.history));
  out += fmt::format("advisories  {} ({} withdrawn), on {}, {}\n", grouped_digits(db.advisories),
                     grouped_digits(db.withdrawn), counted(db.packages, "package"), megabytes(db.bytes));
  if (db.risks > 0) out += fmt::format("risks       {}\n", grouped_digits(db.risks));
  return db.sources.empty() ? out : out + "\n" + sources_text(db, now);
}

std::string not_taken_in(const std::vector<Note>& notes) {
  if (notes.empty()) return {};
  std::string out = fmt::format("\nnot taken in ({}):\n", grouped_digits(notes.size()));
  for (std::size_t i = 0; i < std::min(notes.size(), kNotes); ++i) {
    out += fmt::format("  {}: {} ({})\n", one_line(notes[i].path.str()), one_line(notes[i].what),
                       name(notes[i].why));
  }
  if (notes.size() > kNotes) out += fmt::format("  and {} more\n", grouped_digits(notes.size() - kNotes));
  return out;
}

std::string database_directory(const Options& options) {
  if (!options.db.empty()) return options.db;
  if (const std::string db = environment("PEEKR_DB"); !db.empty()) return db;
  return cache_home() + "/db";
}

std::string update_line(const Options& options, std::string_view feeds) {
  return "peekr db update" + (feeds.empty() ? "" : " --feeds " + std::string(feeds)) +
         (options.db.empty() ? "" : " --db " + shell_word(options.db)) +
         (options.mirror.empty() ? "" : " --mirror " + shell_word(options.mirror));
}

std::string how_to_get_one(const Options& options) {
  const std::string where = options.db.empty() ? "" : " --db " + shell_word(options.db);
  return "fetch one:               peekr db update" + where +
         "\nout of a mirror:         peekr db update --mirror BASE" + where +
         "\nmake one out of files:   peekr db build --from FROM" + where +
         "\none of another machine:  its folder is all of it (--db DIR)";
}

Result<Db> open_database(const Options& options) {
  const std::string directory = database_directory(options);
  Result<Db> db = Db::open(directory);
  if (db && !options.as_of.empty()) return db->as_of(options.as_of);
  if (db || db.error().code != Errc::not_found) return db;
  return fail(Errc::not_found, "there is no database of known vulnerabilities in " + printable(directory) +
                                   "\n" + how_to_get_one(options));
}

Result<std::string> meant_ecosystem(const Db& db, const std::string& typed) {
  const std::vector<std::string> there = TRY(db.ecosystems(typed));
  if (std::ranges::find(there, typed) != there.end()) return typed;
  std::string usual = looked_up_as(typed);
  return usual.empty() ? typed : usual;
}

Result<int> db_build_command(const Options& options) {
  std::vector<Note> notes;
  const BuildRequest request{.from = options.from,
                             .directory = database_directory(options),
                             .now = now(),
                             .lost = options.replace ? Lost::accept : Lost::refuse,
                             .turn = turn_of(options)};
  const Result<DbInfo> info = build_db(request, notes);
  if (!info) {
    tell(options, not_taken_in(notes));
    return std::unexpected(info.error());
  }
  TRY(write_output(options, database_text(*info, now()) + not_taken_in(notes)));
  tell_timing(options);
  return 0;
}

Result<int> db_status_command(const Options& options) {
  const Db db = TRY(open_database(options));
  const DbInfo info = TRY(db.info());
  std::string out;
  if (options.format == "json") {
    JsonWriter json(out);
    json.document([&] {
      json.number("schema_version", 1);
      write_database(json, info);
    });
  } else {
    out = database_text(info, now()) + gaps_text(info, now());
  }
  TRY(write_output(options, out));
  return 0;
}

}  // namespace peekr
