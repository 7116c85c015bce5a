// SPDX-License-Identifier: Apache-2.0
// What read_layers() asks while the layers go by: the rows that want a file, and what they find in it.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/catalog.h"
#include "catalog/executable.h"
#include "catalog/rows.h"

namespace peekr {
namespace {

Interest interest_of(const PatternIndex::Answer& answer) {
  if (answer.wants.none()) return answer.reads.any() ? Interest::keep : Interest::none;
  if (all_take_pieces(answer.wants)) return Interest::pieces;
  return any_reads(answer.wants) ? Interest::read_later : Interest::read;
}

Interest interest(std::string_view path, std::string_view head) {
  return interest_of(row_index().look_up(path, head));
}

Interest interest_of_system(std::string_view path, std::string_view /*head*/) {
  PatternIndex::Answer answer = row_index().look_up(path);
  answer.wants &= system_rows();
  answer.reads &= system_rows();
  return interest_of(answer);
}

Interest partial(std::string_view path) {
  PatternIndex::Answer answer = row_index().look_up(path);
  answer.wants &= ~bulky_rows();
  return interest_of(answer);
}

Interest partial_of_system(std::string_view path) { return interest_of_system(path, {}); }

void read_of_system(const File& file, Inventory& found) {
  run_rows(row_index().look_up(file.path.str()).wants & system_rows(), file, found);
}

void read(const File& file, Inventory& found) {
  run_rows(row_index().look_up(file.path.str(), file.head()).wants, file, found);
  if (file.offset == 0) found.executable = is_executable(file.bytes);
}

// Folders that are there wherever the system is kept by one of these, before any that has executables in the order of a tar.
ChecksumKinds checksums(std::string_view directory) {
  constexpr std::array<std::pair<std::string_view, ChecksumKinds>, 13> kFolders = {{
      {"etc/dpkg", only(Checksum::Kind::md5)},
      {"var/lib/dpkg", only(Checksum::Kind::md5)},
      {"etc/apk", only(Checksum::Kind::sha1)},
      {"lib/apk", only(Checksum::Kind::sha1)},
      {"usr/lib/apk", only(Checksum::Kind::sha1)},
      {"etc/pacman.d", only(Checksum::Kind::sha256)},
      {"var/lib/pacman", only(Checksum::Kind::sha256)},
      {"etc/portage", only(Checksum::Kind::md5)},
      {"var/db/pkg", only(Checksum::Kind::md5)},
      {"etc/rpm", only(Checksum::Kind::sha256)},
      {"usr/lib/rpm", only(Checksum::Kind::sha256)},
      {"usr/lib/sysimage/rpm", only(Checksum::Kind::sha256)},
      {"var/lib/rpm", only(Checksum::Kind::sha256)},
  }};
  const auto at = std::ranges::find(kFolders, directory, &std::pair<std::string_view, ChecksumKinds>::first);
  return at == kFolders.end() ? 0 : at->second;
}

// The versions of all rows, and which build of the program they are from: rows share code that has no version.
std::string_view version() {
  static const std::string text = [] {
    std::string all = PEEKR_VERSION;
    for (const Cataloger* row : all_catalogers())
      all += " " + std::string(row->name) + " " + std::to_string(row->version);
    struct stat program{};
    if (::stat("/proc/self/exe", &program) == 0)
      all += " " + std::to_string(program.st_size) + " " + std::to_string(program.st_mtim.tv_sec) + "." +
             std::to_string(program.st_mtim.tv_nsec);
    return all;
  }();
  return text;
}

std::string_view version_of_system() {
  static const std::string text = "system " + std::string(version());
  return text;
}

}  // namespace

const Reader& reader(PackageTypes types) {
  static constexpr Reader kSystem = {.interest = interest_of_system,
                                     .read = read_of_system,
                                     .version = version_of_system,
                                     .partial = partial_of_system,
                                     .checksums = checksums};
  static constexpr Reader kReader = {
      .interest = interest, .read = read, .version = version, .partial = partial, .checksums = checksums};
  return types == PackageTypes::system ? kSystem : kReader;
}

}  // namespace peekr
