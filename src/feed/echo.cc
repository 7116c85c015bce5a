// SPDX-License-Identifier: Apache-2.0
// Echo (advisory.echohq.com/data.json), by source package:
//   {"nginx": {"CVE-2023-44487": {"fixed_version": "1.25.2"}, "CVE-2009-2940": {}}}
// Without a version it is not fixed; "0" as a version: never affected. What comes out is one Advisory an id, "ECHO-CVE-2023-44487".
#include <simdjson.h>

#include <map>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

class Reader {
 public:
  Reader(Gaps& gaps, Published& out) : gaps_(gaps), out_(out) {}

  void package(std::string_view name, element value) {
    object issues;
    gaps_.record = name;
    if (name.empty() || value.get(issues) != simdjson::SUCCESS)
      return gaps_.add("", "not a package with its issues");
    for (const auto field : issues) issue(name, field.key, field.value);
  }
  void finish() {
    gaps_.record.clear();
    if (found_.empty()) gaps_.add("", "no issue in it");
    for (auto& [id, one] : found_) out_.advisories.push_back(std::move(one));
  }

 private:
  void issue(std::string_view package, std::string_view id, element value) {
    object fields;
    gaps_.record = std::string(package) + ": " + std::string(id);
    if (id.empty() || printable(id) != id || value.get(fields) != simdjson::SUCCESS)
      return gaps_.add("", "not an issue");
    element version;
    const bool said = fields.at_key("fixed_version").get(version) == simdjson::SUCCESS && !version.is_null();
    const std::string fixed = json::text(fields, "fixed_version", gaps_);
    if (said && fixed.empty()) return gaps_.add("fixed_version", "not a version");
    Affected affected{.ecosystem = "Echo", .package = std::string(package)};
    if (fixed == "0") {
      affected.standing = Standing::not_affected;
    } else {
      affected.ranges = {below(fixed)};
    }
    Advisory& one = found_[id];
    one.id = "ECHO-" + std::string(id);
    one.publisher = "Echo";
    one.upstream = {std::string(id)};
    one.affected.push_back(std::move(affected));
  }

  Gaps& gaps_;
  Published& out_;
  std::map<std::string_view, Advisory> found_;
};

void parse_echo(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element root;
  object packages;
  if (!json::parse(parser, bytes, gaps, root)) return;
  if (root.get(packages) != simdjson::SUCCESS) return gaps.add("", "not an object");
  Reader reader(gaps, out);
  for (const auto field : packages) reader.package(field.key, field.value);
  reader.finish();
}

bool recognises_echo(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  const std::string_view head = bytes.substr(0, std::size_t{1} << 16);
  const auto has = [&](std::string_view key) { return contains(head, key); };
  return head.starts_with('{') && has("\"CVE-") && has("\"fixed_version\"") && !has("\"releases\"");
}

constexpr Origin kOrigins[] = {
    {.name = "echo", .url = "https://advisory.echohq.com/data.json", .ecosystems = "Echo"},
};

}  // namespace

namespace feeds {
extern const Feed echo;
constexpr Feed echo = {
    .name = "echo",
    .about = "Echo's vulnerabilities, data.json",
    .origins = kOrigins,
    .recognises = recognises_echo,
    .parse = parse_echo,
};
}  // namespace feeds

}  // namespace peekr
