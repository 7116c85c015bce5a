// SPDX-License-Identifier: Apache-2.0
// peekr db list: one line for each record, for people and for grep.
#include <fmt/format.h>

#include <set>

#include "cli/commands.h"
#include "cli/output.h"
#include "report/columns.h"

namespace peekr {
namespace {

constexpr std::size_t kPackages = 3;  // that are named of one record

// "npm lodash, npm underscore and 2 more"; of that ecosystem only, if it is asked for.
std::string packages_text(const Advisory& advisory, const std::string& ecosystem) {
  std::set<std::string> packages;
  for (const Affected& one : advisory.affected) {
    if (one.package.empty() || (!ecosystem.empty() && one.ecosystem != ecosystem)) continue;
    packages.insert(one_line(one.ecosystem) + " " + one_line(one.package));
  }
  std::string out;
  std::size_t shown = 0;
  for (const std::string& one : packages) {
    if (shown++ < kPackages) out += (out.empty() ? "" : ", ") + one;
  }
  if (packages.size() > kPackages) out += fmt::format(" and {} more", packages.size() - kPackages);
  return out;
}

bool speaks_of(const Advisory& advisory, const std::string& ecosystem) {
  if (ecosystem.empty()) return true;
  for (const Affected& one : advisory.affected) {
    if (one.ecosystem == ecosystem) return true;
  }
  return false;
}

}  // namespace

Result<int> db_list_command(const Options& options) {
  const Db db = TRY(open_database(options));
  const DbInfo info = TRY(db.info());
  std::string out;
  bool any = false;
  for (const DbSource& source : info.sources) {
    if (!options.source.empty() && source.name != options.source &&
        !source.name.starts_with(options.source + "/"))
      continue;
    any = true;
    TRY(db.each(source.name, [&](const Advisory& one) {
      if (!speaks_of(one, options.ecosystem)) return true;
      const std::string day = one_line(one.modified.substr(0, 10));
      out +=
          fmt::format("{}  {}  {}  {}{}\n", one_line(source.name), one_line(one.id), day.empty() ? "-" : day,
                      one.withdrawn.empty() ? "" : "withdrawn  ", packages_text(one, options.ecosystem));
      return true;
    }));
  }
  if (!any && !options.source.empty())
    return fail(Errc::not_found,
                "--source " + options.source + ": the database has no such source: peekr db status");
  TRY(write_output(options, out));
  return 0;
}

}  // namespace peekr
