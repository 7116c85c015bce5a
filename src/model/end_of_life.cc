// SPDX-License-Identifier: Apache-2.0
#include "model/end_of_life.h"

#include <algorithm>
#include <array>

namespace peekr {
namespace {

struct Row {
  std::string_view id, version, date, extended;
};

constexpr auto kRows = std::to_array<Row>({
#define END_OF_LIFE(id, version, date, extended) {id, version, date, extended},
#define ROLLING(id)
#include "model/end_of_life.def"
#undef ROLLING
#undef END_OF_LIFE
});
constexpr auto kRolling = std::to_array<std::string_view>({
#define END_OF_LIFE(id, version, date, extended)
#define ROLLING(id) id,
#include "model/end_of_life.def"
#undef ROLLING
#undef END_OF_LIFE
});

// Other IDs of what the table has under one.
struct Alias {
  std::string_view id, same_as;
};
constexpr auto kAliases = std::to_array<Alias>({
    {"opensuse-leap", "opensuse"},
    {"sle-micro", "sl-micro"},
    {"sle-micro-rancher", "sl-micro"},
    {"sle_hpc", "sles"},
    {"sled", "sles"},
    {"sles_sap", "sles"},
});

std::string_view table_id(const Distro& distro) {
  // Both are "centos", also in CPE_NAME.
  if (distro.id == "centos" && distro.name.starts_with("CentOS Stream")) return "centos-stream";
  const auto* alias = std::ranges::find(kAliases, distro.id, &Alias::id);
  return alias == kAliases.end() ? std::string_view(distro.id) : alias->same_as;
}

// The table writes "3.18" where os-release has "3.18.4", "15.0" where SUSE, before the first service pack, has "15", and ""
// where all releases ended on one day.
const Row* find_row(std::string_view id, std::string_view version) {
  const auto find = [id](std::string_view key) -> const Row* {
    const auto* row =
        std::ranges::find_if(kRows, [&](const Row& one) { return one.id == id && one.version == key; });
    return row == kRows.end() ? nullptr : row;
  };
  if (id == "sles" && version.find('.') == std::string_view::npos) return find(std::string(version) + ".0");
  for (;;) {
    if (const Row* row = find(version)) return row;
    const std::size_t dot = version.find_last_of("._-");
    if (dot == std::string_view::npos) return find("");
    version = version.substr(0, dot);
  }
}

}  // namespace

std::optional<EndOfLife> end_of_life(const Distro& distro, std::string_view today) {
  const std::string_view id = table_id(distro);
  const Row* row = find_row(id, distro.version_id);
  if (row == nullptr) return std::nullopt;
  const bool extended_is_free = id == "debian" || id == "devuan";
  const std::string_view last = extended_is_free ? std::max(row->date, row->extended) : row->date;
  return EndOfLife{
      .date = std::string(row->date), .extended = std::string(row->extended), .past = today > last};
}

bool is_rolling(const Distro& distro) {
  return std::ranges::find(kRolling, distro.id) != kRolling.end() ||
         (distro.id == "alpine" && distro.codename == "edge") ||
         (distro.id == "debian" && distro.version_id.empty() && distro.codename.ends_with("/sid"));
}

bool says_release(const Distro& distro) {
  const bool unstable = distro.id == "debian" && (distro.codename == "sid" || distro.codename == "unstable");
  return !distro.version_id.empty() || is_rolling(distro) || unstable;
}

}  // namespace peekr
