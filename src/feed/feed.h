// SPDX-License-Identifier: Apache-2.0
// Feed: how one publisher's documents become Advisories and Risks. One file a publisher, one line in feeds.def, one
// fixture folder.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "model/note.h"
#include "model/risk.h"

namespace peekr {

// What documents say, and what of them could not be read.
struct Published {
  std::vector<Advisory> advisories;  // withdrawn ones too
  std::vector<Risk> risks;
  std::vector<Note> notes;  // paths are the documents' names
};

// How a publisher says what has changed since the last time.
enum class Delta : std::uint8_t {
  whole,   // not at all: the whole document again, when its ETag or Last-Modified is another
  osv,     // modified_id.csv ("time,id", newest first) beside all.zip; <id>.json is one record
  csaf,    // the URL is archive_latest.txt, the archive's name; changes.csv and deletions.csv beside it
  nvd,     // "x.json.gz" has its checksum and time in "x.meta"
  go,      // the URL is vulndb.zip; index/vulns.json has the times; ID/<id>.json is one record
  repomd,  // the URL is a mirror.list or a repodata/repomd.xml, which names the updateinfo
};

// Where documents of a feed are to be had. The source that a document becomes has the name, and what it is of those that the
// URL stands for: "osv/Debian", "amazon/2/docker". No two rows have a source in common.
struct Origin {
  std::string_view name;  // what --feeds takes; so are the parts of it: "amazon" of "amazon/2023"
  // https. "{}" stands for one of `values`, "{main,community}" for each of these.
  std::string_view url;
  // "|" between: "v3.20|v3.21"; "2002..": each year from then on; "@ecosystems.txt": lines of that file, which
  // lies where the "{}" begins; a last "*": and what else an image asks for.
  std::string_view values = {};
  // Images with packages of these want it: strings of match/ecosystems.def, "|" between. "Alpine:{}": {} is the
  // value; "npm", without a ":": all releases of it, and itself the value where the URL has one. "*": every
  // image (a few MB at most). Empty: none, only `db update` of everything or by name.
  std::string_view ecosystems = {};
  // So do images with packages of these, in the same form, for the scores that its records have: these judge nothing that the
  // publisher's own do not.
  std::string_view rates = {};
  // Of an origin that no image wants: what its records are about once it is there, in the same form.
  std::string_view speaks_of = {};
  Delta delta = Delta::whole;
  // repomd: where a release that has ended has gone, as `url`; empty: nowhere.
  std::string_view archive = {};
  std::string_view licence = "not stated";  // SPDX id where there is one
};

struct Feed {
  std::string_view name, about;
  std::span<const Origin> origins;  // none: only `db build` and `db add` bring its documents
  // Whether a document is of this feed, by its name ("Debian/all.zip!DSA-1.json") and bytes. No document is of two.
  bool (*recognises)(std::string_view name, std::string_view bytes);
  // Pure: one document in, what it says added to `out`.
  void (*parse)(std::string_view name, std::string_view bytes, Published& out);
  // Raised when `parse` makes other records of the same document: what a database has of older ones is fetched again.
  unsigned revision = 1;
};

[[nodiscard]] std::span<const Feed* const> all_feeds();  // by name
// null: nobody's. `likely` is asked first, where it is known what the documents beside this one are: most feeds have to look
// through all of a document to say that it is none of theirs.
[[nodiscard]] const Feed* feed_of(std::string_view name, std::string_view bytes,
                                  const Feed* likely = nullptr);

}  // namespace peekr
