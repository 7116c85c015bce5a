// SPDX-License-Identifier: Apache-2.0
// peekr db list: one line for each record, for people and for grep; or JSON.
#include <fmt/format.h>

#include <set>

#include "cli/commands.h"
#include "cli/output.h"
#include "report/columns.h"
#include "report/json_writer.h"

namespace peekr {
namespace {

constexpr std::size_t kPackages = 3;  // that are named of one record

struct Listed {
  std::string source, id, publisher;
  Advisory::Kind kind{};
  std::string published, modified, withdrawn;
  std::set<std::pair<std::string, std::string>> packages;  // ecosystem, name
};

// Its packages are of that ecosystem only, if it is asked for.
Listed listed(const DbSource& source, const Advisory& one, const std::string& ecosystem) {
  Listed out{source.name, one.id, one.publisher, one.kind, one.published, one.modified, one.withdrawn, {}};
  for (const Affected& affected : one.affected) {
    if (affected.package.empty() || (!ecosystem.empty() && affected.ecosystem != ecosystem)) continue;
    out.packages.emplace(affected.ecosystem, affected.package);
  }
  return out;
}

bool speaks_of(const Advisory& advisory, const std::string& ecosystem) {
  if (ecosystem.empty()) return true;
  for (const Affected& one : advisory.affected) {
    if (one.ecosystem == ecosystem) return true;
  }
  return false;
}

// "npm lodash, npm underscore and 2 more"
std::string packages_text(const Listed& record) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& [ecosystem, name] : record.packages) {
    if (shown++ < kPackages) out += (out.empty() ? "" : ", ") + one_line(ecosystem) + " " + one_line(name);
  }
  if (shown > kPackages) out += fmt::format(" and {} more", shown - kPackages);
  return out;
}

std::string line_of(const Listed& one) {
  const std::string day = one_line(one.modified.substr(0, 10));
  return fmt::format("{}  {}  {}  {}{}\n", one_line(one.source), one_line(one.id), day.empty() ? "-" : day,
                     one.withdrawn.empty() ? "" : "withdrawn  ", packages_text(one));
}

std::string json_of(const std::vector<Listed>& records) {
  std::string out;
  JsonWriter json(out);
  json.document([&] {
    json.number("schema_version", 1);
    json.list("records", records, [&](const Listed& one) {
      json.text("source", one.source);
      json.text("id", one.id);
      json.text("publisher", one.publisher);
      json.text("kind", name(one.kind));
      json.text("published", one.published);
      json.text("modified", one.modified);
      json.text("withdrawn", one.withdrawn);
      json.list("packages", one.packages, [&](const auto& package) {
        json.text("ecosystem", package.first);
        json.text("name", package.second);
      });
    });
  });
  return out;
}

}  // namespace

Result<int> db_list_command(const Options& options) {
  const Db db = TRY(open_database(options));
  const DbInfo info = TRY(db.info());
  const std::string ecosystem = TRY(meant_ecosystem(db, options.ecosystem));
  const bool is_json = options.format == "json";
  std::vector<Listed> records;  // JSON
  std::string out;
  bool any = false;
  for (const DbSource& source : info.sources) {
    if (!options.source.empty() && source.name != options.source &&
        !source.name.starts_with(options.source + "/"))
      continue;
    any = true;
    TRY(db.each(source.name, [&](const Advisory& one) {
      if (!speaks_of(one, ecosystem)) return true;
      Listed record = listed(source, one, ecosystem);
      if (is_json) {
        records.push_back(std::move(record));
      } else {
        out += line_of(record);
      }
      return true;
    }));
  }
  if (!any && !options.source.empty())
    return fail(Errc::not_found,
                "--source " + options.source + ": the database has no such source: peekr db status");
  TRY(write_output(options, is_json ? json_of(records) : out));
  return 0;
}

}  // namespace peekr
