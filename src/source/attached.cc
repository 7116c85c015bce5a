// SPDX-License-Identifier: Apache-2.0
#include "source/attached.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/timer.h"

namespace peekr {
namespace {

using Annotations = std::map<std::string, std::string>;

constexpr std::size_t kMostManifests = 1000;  // looked at for one image
constexpr std::size_t kMostAttached = 1000;   // documents

std::string annotation(const Annotations& annotations, std::string_view key) {
  const auto found = annotations.find(std::string(key));
  return found == annotations.end() ? std::string() : found->second;
}

// One that may be attached to the image.
struct Candidate {
  Descriptor descriptor;
  std::string list;  // the name of the index that it is in
  unsigned depth = 0;
  bool named_for_it = false;  // by an annotation of BuildKit's; else its name or its subject must say so
};

struct Listed {
  Index index;
  std::string name;
  unsigned depth = 0;
};

// All that the indexes hold.
class Walk {
 public:
  Walk(const Blobs& blobs, const Digest& image, const Limits& limits)
      : blobs_(blobs), limits_(limits), subjects_{image} {}

  Status run(Index top) {
    std::vector<Listed> open{{std::move(top), "", 0}};
    for (std::size_t i = 0; i < open.size(); ++i) {
      const Listed at = std::move(open[i]);
      for (const Descriptor& one : at.index.manifests) TRY(look(one, at, open));
    }
    return {};
  }

  // The image, then the indexes that hold it.
  [[nodiscard]] const std::vector<Digest>& subjects() const { return subjects_; }
  [[nodiscard]] const std::vector<Candidate>& found() const { return found_; }

 private:
  Status look(const Descriptor& one, const Listed& at, std::vector<Listed>& open) {
    const MediaKind kind = kind_of_manifest(one.media_type);
    const bool wanted = kind == MediaKind::index || kind == MediaKind::manifest;
    if (!wanted || one.digest == subjects_.front()) return {};
    if (++looked_at_ > kMostManifests)
      return fail(Errc::limit, "more than " + std::to_string(kMostManifests) + " manifests beside the image");
    if (kind == MediaKind::index)
      return entered_.insert(one.digest.str()).second ? enter(one, at, open) : Status();
    const bool named = annotation(one.annotations, "vnd.docker.reference.digest") == subjects_.front().str();
    if (named || at.depth == 0 || !at.name.empty()) found_.push_back({one, at.name, at.depth, named});
    return {};
  }

  Status enter(const Descriptor& one, const Listed& at, std::vector<Listed>& open) {
    if (at.depth == kDeepestIndex)
      return fail(Errc::limit, "indexes nested more than " + std::to_string(kDeepestIndex) + " deep");
    const Result<std::string> bytes = verified(blobs_.manifests, one, limits_);
    if (!bytes && bytes.error().code == Errc::not_found) return {};  // a layout may be partial
    if (!bytes) return fail(bytes.error().within("index"));
    Index inside = TRY(within("index " + one.digest.str(), parse_index(*bytes, one.media_type)));
    const auto is_image = [&](const Descriptor& child) { return child.digest == subjects_.front(); };
    if (std::ranges::any_of(inside.manifests, is_image)) subjects_.push_back(one.digest);
    open.push_back({std::move(inside), annotation(one.annotations, kRefName), at.depth + 1});
    return {};
  }

  const Blobs& blobs_;
  const Limits& limits_;
  std::size_t looked_at_ = 0;
  std::set<std::string> entered_;
  std::vector<Digest> subjects_;
  std::vector<Candidate> found_;
};

// The other images of an index are not attached to this one: they are not read to find that out.
bool is_worth_reading(const Candidate& one, const std::vector<Digest>& subjects) {
  const auto lists = [&](const Digest& subject) { return one.list == tags_for(subject).front(); };
  return one.named_for_it || one.depth == 0 || std::ranges::any_of(subjects, lists);
}

// What it is attached to, by its place among the subjects; their number: to none of them.
std::size_t subject_of(const Candidate& one, const Attachment& attachment,
                       const std::vector<Digest>& subjects) {
  if (one.named_for_it) return 0;
  const std::string name = annotation(one.descriptor.annotations, kRefName);
  const auto is_it = [&](const Digest& subject) {
    const auto tags = tags_for(subject);
    return attachment.subject == subject || std::find(tags.begin() + 1, tags.end(), name) != tags.end();
  };
  return static_cast<std::size_t>(std::ranges::find_if(subjects, is_it) - subjects.begin());
}

std::string type_of(const Descriptor& blob, const Attachment& attachment) {
  for (const auto& [annotations, key] :
       {std::pair(&blob.annotations, "in-toto.io/predicate-type"),
        std::pair(&blob.annotations, "predicateType"),
        std::pair(&attachment.annotations, "dev.sigstore.bundle.predicateType")}) {
    if (std::string type = annotation(*annotations, key); !type.empty()) return type;
  }
  return attachment.type;
}

Result<std::string> read_blob(const Store& store, const Descriptor& blob, Limits limits) {
  if (blob.size > limits.file_bytes)
    return fail(Errc::limit, blob.digest.str() + ": has " + std::to_string(blob.size) +
                                 " bytes (limit file_bytes is " + std::to_string(limits.file_bytes) + ")");
  limits.manifest_bytes = limits.file_bytes;
  return verified(store, blob, limits);
}

struct Ranked {
  std::size_t subject = 0;
  std::string created;  // RFC 3339
  Attached what;
};

void add_blobs(const Store& store, const Attachment& attachment, std::size_t subject,
               std::vector<Ranked>& all) {
  for (const Descriptor& blob : attachment.blobs) {
    Attached one{.type = type_of(blob, attachment),
                 .media_type = blob.media_type,
                 .digest = blob.digest,
                 .size = blob.size,
                 .annotations = blob.annotations,
                 .read = [store, blob](const Limits& limits) { return read_blob(store, blob, limits); }};
    one.annotations.insert(attachment.annotations.begin(), attachment.annotations.end());
    std::string created = annotation(one.annotations, "org.opencontainers.image.created");
    all.push_back({subject, std::move(created), std::move(one)});
  }
}

}  // namespace

std::array<std::string, 3> tags_for(const Digest& subject) {
  const std::string tag = subject.algorithm + "-" + subject.hex;
  return {tag, tag + ".sbom", tag + ".att"};
}

Result<std::vector<Attached>> attached_to(const Blobs& blobs, const Digest& image, const Limits& limits) {
  const Timer timer("source/attached");
  Walk walk(blobs, image, limits);
  Index beside = TRY(blobs.beside(image));
  TRY(walk.run(std::move(beside)));
  std::vector<Ranked> all;
  for (const Candidate& one : walk.found()) {
    if (!is_worth_reading(one, walk.subjects())) continue;
    const std::string context = "manifest " + one.descriptor.digest.str();
    const Result<std::string> bytes = verified(blobs.manifests, one.descriptor, limits);
    if (!bytes && bytes.error().code == Errc::not_found) continue;
    if (!bytes) return fail(bytes.error().within(context));
    const Result<Attachment> attachment = parse_attachment(*bytes, one.descriptor.media_type);
    if (!attachment && attachment.error().code == Errc::unsupported) continue;
    if (!attachment) return fail(attachment.error().within(context));
    const std::size_t subject = subject_of(one, *attachment, walk.subjects());
    if (subject < walk.subjects().size()) add_blobs(blobs.others, *attachment, subject, all);
    if (all.size() > kMostAttached)
      return fail(Errc::limit, "more than " + std::to_string(kMostAttached) + " documents");
  }
  std::ranges::stable_sort(all, [](const Ranked& a, const Ranked& b) {
    return a.subject != b.subject ? a.subject < b.subject : a.created > b.created;
  });
  std::vector<Attached> out;
  std::set<std::string> seen;
  for (Ranked& one : all) {
    if (seen.insert(one.what.digest.str()).second) out.push_back(std::move(one.what));
  }
  return out;
}

}  // namespace peekr
