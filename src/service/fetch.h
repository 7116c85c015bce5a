// SPDX-License-Identifier: Apache-2.0
// Fetcher: publishers' documents, over https or out of a mirror, with another try where that may help.
#pragma once

#include <chrono>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace peekr {

struct FetchOptions {
  // Instead of https://HOST: a URL or a folder, laid out as the origin. "{host}" in it is the origin's host.
  std::string mirror;
  std::string ca_file;
  unsigned tries = 5;
  std::chrono::milliseconds backoff{500};  // before the second try, doubled for each further one
  unsigned patience = 30;                  // seconds, see HttpRequest
};

// What says whether a document is still the same.
struct Validators {
  std::string etag, last_modified;
};

struct Fetched {
  bool changed = false;  // false: it is what the validators say, and there is no file
  Fd file;
  std::string path;  // of the file, as long as `file` is open; it has no name, so that none is left behind
  std::uint64_t bytes = 0;
  Validators validators;
};

class Fetcher {
 public:
  // Temporary files are made in `directory`, on the disk that the database is on.
  Fetcher(FetchOptions options, std::string directory)
      : options_(std::move(options)), directory_(std::move(directory)) {}

  // May be called by several threads. Errc::not_found: there is no such document; io: it may be there later.
  [[nodiscard]] Result<Fetched> get(const std::string& url, const Validators& have) const;
  // A small document, whole.
  [[nodiscard]] Result<std::string> text(const std::string& url) const;
  [[nodiscard]] bool mirrored() const { return !options_.mirror.empty(); }

 private:
  FetchOptions options_;
  std::string directory_;
};

// "Rocky Linux" -> "Rocky%20Linux": a value as one part of a URL's path; "/" and ".." are none.
[[nodiscard]] std::string url_part(std::string_view value);

}  // namespace peekr
