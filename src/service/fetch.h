// SPDX-License-Identifier: Apache-2.0
// Fetcher: publishers' documents, over https or out of a mirror, with another try where that may help.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "service/host_gate.h"

namespace peekr {

struct FetchOptions {
  // Instead of https://HOST: a URL or a folder, laid out as the origin. "{host}" in it is the origin's host.
  std::string mirror;
  std::string ca_file;
  unsigned tries = 5;
  std::chrono::milliseconds backoff{500};  // before the second try, doubled for each further one
  unsigned patience = 30;                  // seconds, see HttpRequest
  unsigned at_once = 3;                    // requests with one host
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

// What is wanted.
struct Want {
  std::string url;
  Validators have = {};
  std::uint64_t first = 0;  // only so many bytes of it, from a server that can; 0: all
  // Told as bytes come: how many are there, of how many (0: not known).
  std::function<void(std::uint64_t, std::uint64_t)> watch = {};
};

class Fetcher {
 public:
  // Temporary files are made in `directory`, on the disk that the database is on.
  Fetcher(FetchOptions options, std::string directory)
      : options_(std::move(options)),
        directory_(std::move(directory)),
        gate_(std::make_unique<HostGate>(options_.at_once)) {}

  // May be called by several threads. Errc::not_found: there is no such document; io: it may be there later.
  // The file may be behind gzip, whatever its name says.
  [[nodiscard]] Result<Fetched> get(const Want& want) const;
  // A small document, whole and unpacked.
  [[nodiscard]] Result<std::string> text(const std::string& url) const;
  [[nodiscard]] bool mirrored() const { return !options_.mirror.empty(); }

 private:
  FetchOptions options_;
  std::string directory_;
  std::unique_ptr<HostGate> gate_;
};

// What was fetched, unpacked, of at most `limit` bytes.
Result<std::string> text_of(const Fetched& fetched, std::uint64_t limit);

// "Rocky Linux" -> "Rocky%20Linux": a value as one part of a URL's path; "/" and ".." are none.
[[nodiscard]] std::string url_part(std::string_view value);

}  // namespace peekr
