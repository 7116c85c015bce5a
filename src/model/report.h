// SPDX-License-Identifier: Apache-2.0
// Report: everything a reporter may print; what scan() returns. And the parts of it that describe the image.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/digest.h"
#include "model/finding.h"
#include "model/note.h"
#include "model/package.h"
#include "model/plan.h"

namespace peekr {

struct LayerInfo {
  Digest digest;   // of the blob as stored; empty where only a diff ID is claimed (docker-archive)
  Digest diff_id;  // of the unpacked tar, as the image configuration claims
  std::string media_type;
  std::uint64_t size = 0;  // of the blob as stored, bytes
  std::string created_by;  // the build history line of this layer
  bool partial = false;    // read through its table of contents, as --partial says: not all of it
  std::string
      whole_because;  // why it was read whole though --partial says otherwise; empty: there is nothing to say
};

// The image that an image was built on.
struct BaseImage {
  std::string name,
      digest;  // as the image's annotations or labels have it: "docker.io/library/debian:12"; may be empty
  std::size_t layers = 0;  // so many of the lowest layers are its own; 0: not known
  std::string by;          // how that is known; empty where it is not
};

struct Vex;  // policy/vex.h

// What runs in a container of it.
struct EntryPoint {
  std::vector<std::string> command;  // with its arguments
  std::vector<std::string> check;    // of its health
  std::string path;                  // where programs are looked for: "/usr/bin:/bin"; empty: not said
  std::string user;                  // as who it runs, "app", "1000:1000"; empty: root
};

struct ImageInfo {
  std::string name;      // what the user typed
  std::string kind;      // "docker-archive", "oci-archive", "oci-dir", "rootfs", "dir"
  std::string platform;  // "linux/amd64", "linux/arm/v7"; empty for a rootfs
  std::string tag;       // the reference inside the archive that was chosen; may be empty
  Digest digest;         // of the manifest; empty for a docker-archive or rootfs
  Digest id;             // of the configuration
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;  // of the manifest
  std::vector<LayerInfo> layers;                   // lowest first
  BaseImage base;
  std::optional<std::uint64_t> fetched;  // of blobs, bytes; nothing: it does not come over a line
  // Where they are asked for, the documents that somebody has attached: they judge the findings behind the user's own.
  std::vector<std::shared_ptr<const Vex>> vex;
  EntryPoint entry;
};

// How BaseImage::by begins where it is certain; reports of versions that took claims for it have other words. All else, such as the
// build history, is a guess: good enough to show, not to spare anything by.
inline constexpr std::string_view kByLayers = "its layers have the bytes of those of ";
[[nodiscard]] inline bool is_guess(const BaseImage& base) { return !base.by.starts_with(kByLayers); }
// Whether a layer is the base image's; no: it is the image's own, or that is not known.
[[nodiscard]] inline bool is_of_base(const ImageInfo& image, std::size_t layer) {
  return layer < image.base.layers;
}
// That, and for sure.
[[nodiscard]] inline bool is_of_known_base(const ImageInfo& image, std::size_t layer) {
  return is_of_base(image, layer) && !is_guess(image.base);
}

// Of all layers, as they are stored.
[[nodiscard]] std::uint64_t stored_bytes(const ImageInfo& image);
// How many of the layers were read in part only.
[[nodiscard]] std::size_t parts_in(const ImageInfo& image);

// Whether it was built in layers: a folder has one that nobody made.
[[nodiscard]] inline bool has_layers(const ImageInfo& image) {
  return image.kind != "rootfs" && image.kind != "dir" && image.kind != "sbom" && image.kind != "purl";
}

// What the advisory database holds and where it came from.
struct DbSource {
  std::string name;  // "osv/Debian", "alpine-secdb/v3.18", "private/my-advisories"
  std::string feed;  // the feed's row
  std::uint64_t records = 0;
  std::string newest;   // RFC 3339: the latest modification date that one of its records has had
  std::string fetched;  // RFC 3339: when the publisher was asked last, and answered
  std::string
      held;  // why newer data was not taken in: "2,000 of 50,000 records are gone"; empty: nothing is held back
  std::vector<Note> notes;     // what could not be read when it was read last; the first ones only, of
  std::uint64_t left_out = 0;  // so many
  std::map<std::string, std::string> state;  // of who fetches it: "etag", "last-modified"
};
struct DbInfo {
  std::string path;
  std::string built;    // RFC 3339: when it was changed last
  std::string history;  // RFC 3339: how far back its earlier states are known
  std::string as_of;    // RFC 3339: it is the state of then, not the newest; empty: the newest
  std::uint64_t advisories = 0, withdrawn = 0, packages = 0, risks = 0, bytes = 0;
  std::vector<DbSource> sources;
};

// What a container has other than its image.
struct Drift {
  enum class How : std::uint8_t { added, removed, changed };
  struct Change {
    std::string type, name, arch, before, after;  // full versions; empty: it was, or is, not there
    How how{};
  };
  std::vector<Change> packages;  // by type and name
};

struct EndOfLife {
  std::string date;      // "2018-06-17": end of the publisher's regular security support
  std::string extended;  // later end of paid or community support; may be empty
  bool past = false;     // on the day of the scan: no fixes that are free for all (model/end_of_life.h)
};

// What policy makes of it: the exit code is always what is printed.
struct Verdict {
  int exit_code = 0;
  std::vector<std::string> reasons;  // one line for each gate that was hit
  std::vector<std::string>
      remarks;  // on the user's rules: what a gate let through, which rules expired or took out nothing
  std::optional<EndOfLife> end_of_life;
};

struct Report {
  std::string version;  // of peekr
  std::string created;  // RFC 3339
  ImageInfo image;
  Inventory inventory;
  Findings findings;
  Verdict verdict;
  std::string explained;          // the vulnerability that was asked about; empty: none
  std::vector<Account> accounts;  // all that is said of it about the packages, by package
  std::size_t records = 0;        // that know it, of whatever package
  DbInfo db;
  std::optional<Drift> drift;       // nothing: it is no container
  std::optional<Remediation> plan;  // what to do about it, where somebody asks
};

// What an index lists, and what became of it.
struct PlatformReport {
  enum class State : std::uint8_t { scanned, failed, listed };  // listed: it is no image to look at
  std::string platform;                                         // "linux/arm/v7"; empty: not known
  std::string os_version;                                       // of Windows images
  Digest digest;                                                // of the manifest
  State state{};
  std::string why;               // it was not scanned
  std::optional<Report> report;  // it was
};

// "linux/arm/v7", "windows/amd64 10.0.17763.1": the platform, and what tells it from others of the same one. Printable.
[[nodiscard]] std::string titled(const PlatformReport& one);

// The reports of all images of an index, in its order.
struct IndexReport {
  std::string version;  // of peekr
  std::string created;  // RFC 3339
  ImageInfo image;      // of the index: its name, kind, tag and digest
  std::vector<PlatformReport> platforms;
  Verdict verdict;  // of all: the gravest exit code
};

}  // namespace peekr
