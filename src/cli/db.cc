// SPDX-License-Identifier: Apache-2.0
// peekr db: build, status, search.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "report/columns.h"
#include "report/json.h"
#include "service/load.h"

namespace peekr {
namespace {

constexpr std::size_t kNotes = 20;

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string database_text(const DbInfo& db) {
  std::string out = "database    " + one_line(db.path) + "\n";
  out += fmt::format("built       {}\n", one_line(db.built));
  out += fmt::format("advisories  {} ({} withdrawn), on {}, {}\n", grouped_digits(db.advisories),
                     grouped_digits(db.withdrawn), counted(db.packages, "package"), megabytes(db.bytes));
  if (db.risks > 0) out += fmt::format("risks       {}\n", grouped_digits(db.risks));
  if (db.sources.empty()) return out;
  std::size_t name = columns("SOURCE"), feed = columns("FEED");
  for (const DbSource& source : db.sources) {
    name = std::max(name, columns(one_line(source.name)));
    feed = std::max(feed, columns(source.feed));
  }
  out += fmt::format("\n{}  {}  {:>10}  NEWEST\n", filled("SOURCE", name), filled("FEED", feed), "RECORDS");
  for (const DbSource& source : db.sources) {
    out += fmt::format("{}  {}  {:>10}  {}\n", filled(one_line(source.name), name), filled(source.feed, feed),
                       grouped_digits(source.records), one_line(source.newest));
  }
  return out;
}

// ">= 0, < 2.19-18+deb8u3"; intervals are parted by " or ".
std::string range_text(const Range& range) {
  std::string out;
  for (const Event& event : range.events) {
    std::string_view sign;
    switch (event.kind) {
      case Event::Kind::introduced: sign = ">="; break;
      case Event::Kind::fixed: sign = "<"; break;
      case Event::Kind::last_affected: sign = "<="; break;
      case Event::Kind::limit: sign = "up to"; break;
    }
    if (!out.empty()) out += event.kind == Event::Kind::introduced ? " or " : ", ";
    out += fmt::format("{} {}", sign, one_line(event.version));
  }
  return out;
}

std::string affected_text(const Affected& affected) {
  std::string out;
  for (const Range& range : affected.ranges) {
    if (range.type == "GIT") continue;  // commits, no versions
    if (!out.empty()) out += " or ";
    out += range_text(range);
  }
  if (out.empty() && !affected.versions.empty()) out = counted(affected.versions.size(), "listed version");
  if (affected.standing != Standing::affected)
    out += fmt::format("{}{}", out.empty() ? "" : "; ", name(affected.standing));
  if (!affected.urgency.empty()) out += "; urgency " + one_line(affected.urgency);
  if (!affected.module.empty()) out += "; module " + one_line(affected.module);
  return out;
}

std::string names_text(const Advisory& advisory) {
  std::vector<std::string> names = advisory.aliases;
  names.insert(names.end(), advisory.upstream.begin(), advisory.upstream.end());
  std::ranges::sort(names);
  const auto rest = std::ranges::unique(names);
  names.erase(rest.begin(), rest.end());
  return one_line(join(names, ", "));
}

std::string advisory_text(const Advisory& advisory, unsigned width) {
  const auto field = [&](std::string_view label, const std::string& text) {
    const std::string head = "  " + filled(label, 10) + "  ";
    return text.empty() ? "" : wrapped(text, {.width = width, .indent = columns(head), .head = head});
  };
  std::string out = fmt::format("{} (from {})\n", one_line(advisory.id), one_line(advisory.publisher));
  out += field("summary", one_line(advisory.summary));
  out += field("names", names_text(advisory));
  out += field("published", one_line(advisory.published));
  out += field("modified", one_line(advisory.modified));
  out += field("withdrawn", one_line(advisory.withdrawn));
  std::string severity = one_line(advisory.severity);
  for (const std::string& vector : advisory.vectors)
    severity += (severity.empty() ? "" : ", ") + one_line(vector);
  out += field("severity", severity);
  for (const Affected& affected : advisory.affected) {
    out += field(one_line(affected.ecosystem), one_line(affected.package) + "  " + affected_text(affected));
  }
  return out;
}

Result<std::string> search_id(const Db& db, const Options& options) {
  const std::vector<std::string> ids = TRY(db.named(options.id));
  if (ids.empty()) return "no advisory has the name " + printable(options.id) + "\n";
  const unsigned width = style_of(options).width;
  std::string out;
  for (const std::string& id : ids) {
    const std::optional<Advisory> advisory = TRY(db.advisory(id));
    if (!advisory)
      return fail(Errc::damaged, "database: no record of " + printable(id) + ", which its index names");
    out += (out.empty() ? "" : "\n") + advisory_text(*advisory, width);
  }
  return out;
}

Result<std::string> search_package(const Db& db, const Options& options) {
  std::vector<std::string> ecosystems = {options.ecosystem};
  if (options.ecosystem.empty()) ecosystems = TRY(db.ecosystems_with(options.package));
  std::string out;
  for (const std::string& ecosystem : ecosystems) {
    const std::string package = normalised_name(ecosystem, options.package);
    const std::vector<Entry> entries = TRY(db.lookup(ecosystem, package));
    std::size_t width = 0;
    for (const Entry& entry : entries) width = std::max(width, columns(one_line(entry.advisory)));
    if (!entries.empty())
      out += fmt::format("{}{} {}\n", out.empty() ? "" : "\n", one_line(ecosystem), one_line(package));
    for (const Entry& entry : entries) {
      out +=
          fmt::format("  {}  {}\n", filled(one_line(entry.advisory), width), affected_text(entry.affected));
    }
  }
  if (!out.empty()) return out;
  const std::string where = options.ecosystem.empty() ? "" : " of " + printable(options.ecosystem);
  return "no advisory speaks of a package " + printable(options.package) + where + "\n";
}

}  // namespace

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
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const std::string db = set("PEEKR_DB"); !db.empty()) return db;
  if (const std::string cache = set("XDG_CACHE_HOME"); !cache.empty()) return cache + "/peekr/db";
  const std::string home = set("HOME");
  return (home.empty() ? "/root" : home) + "/.cache/peekr/db";
}

std::string how_to_get_one(const Options& options) {
  const std::string where = options.db.empty() ? "" : " --db " + printable(options.db);
  return "fetch one:              peekr db update" + where +
         "\nout of a mirror:        peekr db update --mirror BASE" + where +
         "\nmake one out of files:  peekr db build --from FROM" + where +
         "\none of another machine: its folder is all of it (--db DIR)";
}

Result<Db> open_database(const Options& options) {
  const std::string directory = database_directory(options);
  Result<Db> db = Db::open(directory);
  if (db || db.error().code != Errc::not_found) return db;
  return fail(Errc::not_found, "there is no database of known vulnerabilities in " + printable(directory) +
                                   "\n" + how_to_get_one(options));
}

Result<int> db_build_command(const Options& options) {
  std::vector<Note> notes;
  const Result<DbInfo> info = build_db(options.from, database_directory(options), now(), notes);
  if (!info) {
    tell(options, not_taken_in(notes));
    return std::unexpected(info.error());
  }
  TRY(write_output(options, database_text(*info) + not_taken_in(notes)));
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
    out = database_text(info);
  }
  TRY(write_output(options, out));
  return 0;
}

Result<int> db_search_command(const Options& options) {
  const Db db = TRY(open_database(options));
  const std::string out = TRY(options.id.empty() ? search_package(db, options) : search_id(db, options));
  TRY(write_output(options, out));
  return 0;
}

}  // namespace peekr
