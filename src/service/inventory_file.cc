// SPDX-License-Identifier: Apache-2.0
#include "service/inventory_file.h"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"

namespace peekr {
namespace {

using simdjson::dom::element;

constexpr std::uint64_t kBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kSchemaVersion = 1;

std::string text(element from, std::string_view key) {
  std::string_view value;
  return from[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

Result<Inventory> inventory_of(element root) {
  std::uint64_t version = 0;
  simdjson::dom::array packages;
  if (root["schema_version"].get(version) != simdjson::SUCCESS ||
      root["packages"].get(packages) != simdjson::SUCCESS)
    return fail(Errc::unsupported, "no inventory: without schema_version and packages");
  if (version != kSchemaVersion)
    return fail(Errc::unsupported, "an inventory of schema version " + std::to_string(version));
  Inventory out;
  simdjson::dom::object distro;
  if (root["distro"].get(distro) == simdjson::SUCCESS) {
    const element at = root["distro"];
    out.distro = Distro{.id = text(at, "id"),
                        .version_id = text(at, "version_id"),
                        .codename = text(at, "codename"),
                        .variant_id = text(at, "variant_id"),
                        .name = text(at, "name")};
  }
  for (const element one : packages) {
    Package package{.type = text(one, "type"), .name = text(one, "name"), .version = text(one, "version")};
    if (package.type.empty() || package.name.empty())
      return fail(Errc::damaged, "a package without type or name");
    package.source = text(one, "source");
    package.source_version = text(one, "source_version");
    package.arch = text(one, "arch");
    package.purl = text(one, "purl");
    out.packages.push_back(std::move(package));
  }
  return out;
}

}  // namespace

bool is_inventory_file(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const Result<Fd> file = Fd::open(path, O_RDONLY);
  char first = 0;
  return file && ::pread(file->get(), &first, 1, 0) == 1 && first == '{';
}

Result<Inventory> read_inventory(const std::string& path) {
  const std::string bytes = TRY(read_file(path, kBytes));
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(bytes).get(root) != simdjson::SUCCESS) return fail(Errc::damaged, path + ": not JSON");
  return within(path, inventory_of(root));
}

}  // namespace peekr
