// SPDX-License-Identifier: Apache-2.0
// Plan: what the update of one source has to take in, by how its publisher says what has changed (see Delta).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/report.h"
#include "service/documents.h"
#include "service/fetch.h"
#include "service/targets.h"

namespace peekr {

// What a publisher says of a document, in hex.
struct StatedDigest {
  enum class Of { file, unpacked };
  std::string algorithm;  // "sha256", "sha512"
  std::string hex;
  Of of = Of::file;
};

struct Plan {
  enum class How { nothing, some, whole };
  How how = How::whole;
  std::string url;                                         // whole: of the document
  std::optional<StatedDigest> checksum;                    // whole
  std::vector<std::string> urls;                           // some: of the records that are new or other
  std::shared_ptr<const std::vector<Document>> documents;  // some: and what is at hand of them
  std::optional<std::set<std::string>> ids;                // some: all that there are; others have gone
  std::map<std::string, std::string> state;                // to be remembered when it is done
  std::uint64_t bytes = 0;                                 // that were fetched for it
  bool anew = false;  // whole: also where its publisher says that it is what is there
};

struct PlanRequest {
  const Fetcher& fetcher;
  Shared& shared;
  const FetchTarget& target;
  const DbSource& known;
  const std::string& now;
  // When each record of the source that the database has was modified, by its id.
  std::function<Result<std::map<std::string, std::string>>()> times;
  bool only_changes = false;  // who asks takes no whole of what is there
};

// Whether a time of the database is one to come: some clock was wrong, and nothing follows from it. Clocks may differ by an hour.
[[nodiscard]] bool is_ahead(std::string_view time, std::string_view now);

// Whether one document has all that NVD has modified since then.
[[nodiscard]] bool is_in_modified(const std::string& fetched, const std::string& now);

// The revision of the feed that the records of a source were made by (Feed::revision), in its state.
inline constexpr const char* kRevision = "revision";
// Whether an older one has made them: of documents that have not changed, this one may make others.
[[nodiscard]] bool is_of_older_parser(const Feed& feed, const DbSource& known);

Result<Plan> plan_update(const PlanRequest& request);
// The whole, whatever has changed.
Result<Plan> plan_whole(const PlanRequest& request);

// "https://h/a/b.zip" -> "https://h/a/"
[[nodiscard]] std::string folder_of(const std::string& url);
// "https://h/Debian/all.zip" -> "Debian/all.zip": what notes call it.
[[nodiscard]] std::string document_name(const std::string& url);
[[nodiscard]] std::string text_at(const std::map<std::string, std::string>& state, const std::string& key);

}  // namespace peekr
