// SPDX-License-Identifier: Apache-2.0
#include "scan/attached.h"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "catalog/document.h"
#include "catalog/packed.h"

namespace peekr {
namespace {

constexpr std::size_t kMostListed = 20;  // in a message

using Words = std::span<const std::string_view>;
constexpr std::string_view kSbom[] = {"cyclonedx", "spdx", "syft", "sbom"};
constexpr std::string_view kVex[] = {"vex", "csaf", "cyclonedx"};
constexpr std::string_view kVexAlone[] = {"vex", "csaf"};
// What says nothing of what is in it.
constexpr std::string_view kAnything[] = {"in-toto", "dsse", "sigstore.bundle", "application/json",
                                          "text/plain"};

bool says(std::string_view type, Words words) {
  const std::string text = lower(type);
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

// A predicate's type is a URL, and decides; an artifact's is one of the two things that may.
bool may_be(const Attached& one, Words words) {
  if (says(one.type, words)) return true;
  if (one.type.contains("://")) return false;
  return says(one.media_type, words) || says(one.type, kAnything) ||
         (one.type.empty() && says(one.media_type, kAnything));
}

std::string listing(const std::vector<Attached>& all) {
  if (all.empty()) return "nothing is";
  std::vector<std::string> lines;
  for (const Attached& one : all) {
    if (lines.size() == kMostListed) {
      lines.push_back(std::to_string(all.size() - kMostListed) + " more");
      break;
    }
    const std::string& type = one.type.empty() ? one.media_type : one.type;
    lines.push_back((type.empty() ? "something" : printable(type)) + " (" + one.digest.str() + ")");
  }
  return "there are: " + join(lines, ", ");
}

// Reads the documents of one image: as many bytes of all together as one may have, for they are held at once.
class Documents {
 public:
  explicit Documents(const Limits& limits) : limits_(limits) {}

  Result<std::string> read(const Attached& one) {
    if (counted_.insert(one.digest.str()).second) bytes_ += std::min(one.size, ~bytes_);
    if (one.size <= limits_.file_bytes && bytes_ > limits_.file_bytes)
      return fail(Errc::limit, "the documents up to " + one.digest.str() + " have " + std::to_string(bytes_) +
                                   " bytes together (limit file_bytes is " +
                                   std::to_string(limits_.file_bytes) + ")");
    return one.read(limits_);
  }

 private:
  const Limits& limits_;
  std::set<std::string> counted_;
  std::uint64_t bytes_ = 0;
};

// The image as the document has it, and nothing else of it.
Image described(const Image& image, const Attached& by, std::string text) {
  Image out;
  out.info = image.info;
  out.info.kind = "sbom";
  out.info.layers.clear();
  out.info.base = {};
  out.document = std::move(text);
  out.claimed_by = by.digest.str();
  out.fetched = image.fetched;
  const std::string type = by.type.empty() ? by.media_type : by.type;
  out.notes = {
      {Path(), Why::unasked,
       "no layer was read (--sbom-from referrers): the packages are what an SBOM that is attached to the "
       "image claims, whose signature was not checked: " +
           printable(type) + " " + by.digest.str()}};
  return out;
}

// Whoever attaches VEX by another type, too: its components are those that it speaks of, no list of what is in the image.
bool speaks_of_vulnerabilities(std::string_view text) {
  const Result<Vex> vex = read_vex("", text);
  return vex && !vex->statements.empty();
}

struct Claim {
  Image image;
  Inventory inventory;
};

Claim with_note(Claim claim, Note note) {
  claim.image.notes.push_back(note);
  claim.inventory.notes.push_back(std::move(note));
  std::ranges::sort(claim.inventory.notes);
  return claim;
}

// The newest that is an SBOM and nothing else; where there is none, the newest that speaks of vulnerabilities, too.
Result<Claim> best_claim(const Image& image, const std::vector<const Attached*>& candidates,
                         const std::string& none, Documents& documents) {
  std::string trouble;
  std::optional<Claim> second;
  std::optional<Note> unread;
  for (const Attached* one : candidates) {
    Result<std::string> text = documents.read(*one);
    if (!text && second) {
      unread = Note{Path(), why_of(text.error()), "an SBOM that is attached, too: " + text.error().message};
      continue;
    }
    if (!text) return fail(text.error());
    const bool is_second = speaks_of_vulnerabilities(*text);
    if (is_second && second) continue;
    Image candidate = described(image, *one, *std::move(text));
    Result<Inventory> inventory = catalog_document(candidate, PackageTypes::all);
    if (inventory && !inventory->packages.empty()) {
      Claim claim{std::move(candidate), *std::move(inventory)};
      if (!is_second) return unread ? with_note(std::move(claim), *std::move(unread)) : std::move(claim);
      second = std::move(claim);
    } else if (trouble.empty()) {
      trouble = inventory ? "; no package is in " + one->digest.str()
                          : "; no SBOM is in " + inventory.error().message;
    }
  }
  if (second && unread) return with_note(*std::move(second), *std::move(unread));
  if (second) return *std::move(second);
  return fail(Errc::not_found, none + trouble);
}

// A document whose type says VEX is no SBOM, though it may have the format of one.
Result<Inventory> take_sbom(Image& image, const std::vector<Attached>& all, PackageTypes types,
                            Documents& documents) {
  std::vector<const Attached*> candidates;
  for (const Attached& one : all) {
    if (may_be(one, kSbom) && !says(one.type + " " + one.media_type, kVexAlone)) candidates.push_back(&one);
  }
  Claim claim =
      TRY(best_claim(image, candidates, "no SBOM is attached to the image; " + listing(all), documents));
  std::vector<Attached> others;
  for (const Attached* one : candidates) {
    if (one->digest.str() != claim.image.claimed_by) others.push_back(*one);
  }
  if (!others.empty()) {
    claim = with_note(
        std::move(claim),
        {Path(), Why::unasked,
         "of the documents that may be SBOMs of the image one was used; besides, " + listing(others)});
  }
  image = std::move(claim.image);
  return types == PackageTypes::all ? std::move(claim.inventory) : catalog_document(image, types);
}

// Some types do not say whether it is VEX: what then is something else is no error.
Status take_vex(Image& image, const std::vector<Attached>& all, Documents& documents) {
  for (const Attached& one : all) {
    if (!may_be(one, kVex)) continue;
    const std::string text = TRY(documents.read(one));
    Result<Vex> read = read_vex(one.digest.str(), text);
    if (!read && says(one.type + " " + one.media_type, kVexAlone)) return fail(read.error());
    if (read && (!read->statements.empty() || !read->remarks.empty()))
      image.info.vex.push_back(std::make_shared<const Vex>(*std::move(read)));
  }
  return {};
}

}  // namespace

Result<std::optional<Inventory>> take_attached(Image& image, const Request& request) {
  std::optional<Inventory> claimed;
  if (!request.sbom_from_referrers && !request.vex_from_referrers) return claimed;
  const Timer timer("scan/attached");
  const std::string option = request.sbom_from_referrers ? "--sbom-from" : "--vex-from";
  const std::string context = image.info.name + ": " + option + " referrers";
  if (!image.attached)
    return fail(Errc::unsupported, context + ": nothing can be attached to an image of the kind " +
                                       image.info.kind + ": want one in a registry or an OCI layout");
  const std::vector<Attached> all = TRY(within(context, image.attached()));
  Documents documents(request.read.limits);
  if (request.vex_from_referrers) {
    TRY(within(context, take_vex(image, all, documents)));
    if (image.info.vex.empty())
      request.image.access.tell("no VEX document is attached to the image; " + listing(all));
  }
  if (request.sbom_from_referrers)
    claimed = TRY(within(context, take_sbom(image, all, request.types, documents)));
  return claimed;
}

}  // namespace peekr
