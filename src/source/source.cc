// SPDX-License-Identifier: Apache-2.0
#include "source/source.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "model/purl.h"
#include "source/archive.h"
#include "source/folder.h"
#include "source/platform.h"
#include "source/reference.h"
#include "source/target.h"
#include "source/watched.h"

namespace peekr {
namespace sources {
#define SOURCE(row) extern const Source row;
#include "source/sources.def"
#undef SOURCE
}  // namespace sources

namespace {

constexpr const Source* kAll[] = {
#define SOURCE(row) &sources::row,
#include "source/sources.def"
#undef SOURCE
};

std::string scheme_list() {
  std::vector<std::string> names;
  for (const Source* row : kAll) names.push_back(std::string(row->scheme) + ":");
  return join(names, ", ");
}

// What other tools call kinds of images, and what is to be said here instead; empty: nothing.
constexpr std::pair<std::string_view, std::string_view> kElsewhere[] = {
    {"docker-daemon", "docker"}, {"containers-storage", "podman"},
    {"oci", "oci-dir"},          {"file", ""},
    {"singularity", ""},         {"git", ""}};

Result<Image> fail_elsewhere(std::string_view scheme, std::string_view here, std::string_view rest) {
  const std::string said(scheme);
  if (here.empty()) return fail(Errc::unsupported, said + ": is not there yet; there are " + scheme_list());
  return fail(Errc::unsupported, said + ":" + std::string(rest) + ": is called " + std::string(here) + ":" +
                                     std::string(rest) + " here; there are " + scheme_list());
}

// A file stands in the way of an image of the same name: that is not fetched behind the user's back.
constexpr std::string_view kOrPull = "docker:, podman: or registry: in front takes the image of that name)";

// What else somebody may have meant by it.
std::string_view nature_of(const std::string& path) {
  std::array<char, 64> bytes{};
  std::ifstream in(path, std::ios::binary);
  in.read(bytes.data(), bytes.size());
  const std::string_view all(bytes.data(),
                             static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  const std::string_view start = without_mark(trim(all));
  if (start.starts_with('{') || start.starts_with('<'))
    return ": a file, but no image archive, and nothing that says of itself that it is an SBOM (sbom: in "
           "front "
           "reads it as one";
  return ": a file, but not an image archive (no manifest.json or index.json in a tar";
}

Result<const Source*> recognise(const std::string& path, const Limits& limits) {
  const Timer timer("source/recognise");
  for (const Source* row : kAll) {
    if (row->recognises == nullptr) continue;
    const bool is_one = TRY(within(path, row->recognises(path, limits)));
    if (is_one) return row;
  }
  if (is_folder(path)) {
    TRY(check_is_no_image(path));
    return fail(Errc::unsupported, path +
                                       ": a folder, but neither an OCI layout nor a root file system (dir: "
                                       "takes a folder of sources, rootfs: any folder; " +
                                       std::string(kOrPull));
  }
  TRY(check_packing(path));
  if (TRY(within(path, is_packed_root(path, limits))))
    return fail(
        Errc::unsupported,
        path +
            ": a root file system in an archive, as docker export writes it, and no image: unpack it into a "
            "folder, and scan that");
  return fail(Errc::unsupported, path + std::string(nature_of(path)) + "; " + std::string(kOrPull));
}

Result<Image> open_by(const Source& row, const ImageRef& ref, const Limits& limits) {
  const Timer timer("source", row.scheme);
  return row.open(ref, limits);
}

// Nobody calls an image so: a file is meant that is not there.
bool looks_like_file(std::string_view text) {
  constexpr std::string_view kEndings[] = {".tar",    ".tar.gz", ".tgz", ".tar.zst", ".tar.bz2",
                                           ".tar.xz", ".json",   ".xml", ".spdx"};
  return std::ranges::any_of(kEndings, [&](std::string_view one) { return text.ends_with(one); });
}

// Asks the kinds of images that have names, one after the other.
Result<Image> open_named(const ImageRef& ref, const Limits& limits) {
  if (ref.text == "-")
    return fail(Errc::usage,
                "-: of standard input only an SBOM is read (sbom:-): write the image to a file first");
  const Result<ImageReference> reference = parse_reference(ref.text);
  if (looks_like_file(ref.text))
    return fail(Errc::not_found,
                ref.text + ": no such file or folder (registry: in front takes an image of that name)");
  if (!reference) {
    return fail(Errc::not_found, ref.text + ": no such file or folder, and " +
                                     reference.error().message.substr(ref.text.size() + 2));
  }
  Result<Image> image = fail(Errc::internal, "");
  for (const Source* row : kAll) {
    if (row->recognises != nullptr) continue;
    image = open_by(*row, ref, limits);
    if (image)
      ref.access.tell(ref.text + ": no file of that name; taken from " + std::string(row->scheme) + ": " +
                      image->info.tag);
    const bool last = row == std::end(kAll)[-1];
    if (image || (last && image.error().code != Errc::not_found)) return image;
    // Of an engine that cannot be asked, the user hears; that there is none, or not with this image, is usual.
    if (image.error().code != Errc::not_found) ref.access.tell(image.error().message);
  }
  return fail(Errc::not_found, image.error().message + "; nor is there a file or folder " + ref.text);
}

// What the source says of an index it says of each image in it.
void give_name(const std::string& name, const Access& access, Image& image) {
  image.info.name = name;
  if (!image.fetched) watch_layers(access, image);  // those that come over a line tell of themselves
  for (IndexEntry& entry : image.entries) {
    if (!entry.open) continue;
    entry.open = [open = std::move(entry.open), info = image.info, notes = image.notes,
                  fetched = image.fetched, access]() -> Result<Image> {
      Image one = TRY(within(info.name, open()));
      one.info.name = info.name;
      one.info.kind = info.kind;
      if (!info.tag.empty()) one.info.tag = info.tag;
      one.notes.insert(one.notes.begin(), notes.begin(), notes.end());
      if (!one.fetched) one.fetched = fetched;
      if (!one.fetched) watch_layers(access, one);
      return one;
    };
  }
}

}  // namespace

std::span<const Source* const> all_sources() { return kAll; }

Result<Image> open_image(const ImageRef& ref, const Limits& limits) {
  if (!ref.platform.empty()) TRY(parse_platform(ref.platform));
  const std::string& target = ref.text;
  const std::string_view begin = cut(target, ':').first;
  const bool has_scheme = begin.size() < target.size();
  const std::string_view scheme = is_purl(target) ? "pkg" : begin;
  const bool is_url = target.starts_with(kRegistryUrl);  // of no engine
  const auto* forced =
      std::ranges::find(kAll, is_url ? "registry" : scheme, [](const Source* row) { return row->scheme; });
  Result<Image> image = fail(Errc::internal, "");
  if (has_scheme && forced != std::end(kAll)) {
    ImageRef rest = ref;
    if (!is_url) rest.text = target.substr(scheme.size() + 1);
    image = open_by(**forced, rest, limits);
  } else {
    const Result<Target> split = split_target(target);
    const auto* elsewhere =
        std::ranges::find(kElsewhere, scheme, &std::pair<std::string_view, std::string_view>::first);
    if (!split && has_scheme && elsewhere != std::end(kElsewhere))
      return fail_elsewhere(scheme, elsewhere->second, std::string_view(target).substr(scheme.size() + 1));
    if (split) {
      const Source* row = TRY(recognise(split->path, limits));
      image = open_by(*row, ref, limits);
    } else if (split.error().code == Errc::not_found) {
      image = open_named(ref, limits);
    } else {
      const bool may_be_there = split.error().code == Errc::io;
      return fail(split.error().code,
                  split.error().message + (may_be_there ? " (" + std::string(kOrPull) : std::string()));
    }
  }
  if (image) give_name(target, ref.access, *image);
  return image;
}

}  // namespace peekr
