// SPDX-License-Identifier: Apache-2.0
// Finds the folder of a registry's certificates; of each kind a suffix tells:
//
//   certs.d/HOST:PORT/ca.crt (*.crt: authorities), client.cert and client.key (*.cert: with the *.key of the same name)
#include "source/certificates.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/environment.h"
#include "base/file.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFileBytes = 4 << 20;

std::vector<fs::path> places() {
  const std::string user = user_config();
  std::vector<fs::path> all;
  if (!user.empty()) all = {user + "/containers/certs.d", user + "/docker/certs.d"};
  all.emplace_back("/etc/containers/certs.d");
  all.emplace_back("/etc/docker/certs.d");
  return all;
}

Result<Certificates> read_folder_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    files.push_back(at->path());
  if (error) return fail(Errc::io, folder.string() + ": " + error.message());
  std::ranges::sort(files);
  Certificates found;
  for (const fs::path& file : files) {
    if (file.extension() == ".crt") {
      const std::string authorities = TRY(read_file(file, kFileBytes));
      found.authorities += authorities + "\n";
    } else if (file.extension() == ".cert" && found.certificate.empty()) {
      found.certificate = file;
      found.key = fs::path(file).replace_extension(".key");
      if (!fs::exists(found.key, error))
        return fail(Errc::not_found, found.certificate + ": there is no " + found.key);
    }
  }
  return found;
}

}  // namespace

Result<Certificates> find_certificates(std::string_view host) {
  for (const fs::path& place : places()) {
    std::error_code error;
    const fs::path folder = place / host;
    if (fs::is_directory(folder, error)) return read_folder_of(folder);
  }
  return Certificates();
}

}  // namespace peekr
