// SPDX-License-Identifier: Apache-2.0
// An image out of a container engine. What the engine says of it is asked for first, the digests of its unpacked layers too; the
// layers, which it gives only all together, as `docker save` does, when one of them is not in the cache. manifest.json, which tells
// layers by the names of their files, may stand last: it is not needed, a layer is told by its digest.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "base/environment.h"
#include "base/text.h"
#include "base/timer.h"
#include "image/tar.h"
#include "model/path.h"
#include "source/engine.h"
#include "source/layout.h"

namespace peekr {
namespace {

bool is_there(const std::string& path) {
  struct stat status{};
  // One in a folder that is closed to us may be there.
  return ::stat(path.c_str(), &status) == 0 ? S_ISSOCK(status.st_mode) : errno == EACCES;
}

// It becomes part of a path: no character that means anything there, and no way up.
Status check_name(std::string_view name) {
  const auto good = [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("._-/:@[]").find(c) != std::string_view::npos;
  };
  const bool named = !name.empty() && name.find("..") == std::string_view::npos && !name.starts_with('/');
  if (named && std::ranges::all_of(name, good)) return {};
  return fail(Errc::usage, printable(name) + ": no name or id that an engine knows");
}

// The body of the entry at which a Tar stands.
class Member : public ByteSource {
 public:
  explicit Member(Tar& tar) : tar_(tar) {}

 private:
  static constexpr std::uint64_t kPart = 262144;

  Result<std::string_view> fill() override {
    part_.clear();
    TRY(tar_.read_some(part_, kPart));
    return std::string_view(part_);
  }

  Tar& tar_;
  std::string part_;
};

// "<id>/layer.tar" (Docker before 25), "<diff ID>.tar" (podman), "blobs/sha256/<digest>" (Docker 25), where documents are, too.
Result<bool> may_be_layer(const TarEntry& entry, Tar& tar) {
  if (entry.kind != TarEntry::Kind::file || entry.sparse || entry.stored == 0) return false;
  if (!Path(entry.name).str().starts_with("blobs/")) return entry.name.ends_with(".tar");
  const std::string_view head = TRY(tar.peek(1));
  return head != "{";
}

// What `docker save` writes, as it comes: nothing of it is kept.
Status read_saved(std::unique_ptr<ByteSource> all, const Limits& limits, const BlobStream::Use& use) {
  const std::unique_ptr<ByteSource> sent = limited_bytes(std::move(all), limits.image_bytes, "image_bytes");
  Tar tar(*sent, limits);
  TarEntry entry;
  for (std::uint64_t entries = 0; TRY(tar.next(entry));) {
    if (++entries > limits.entries) {
      return fail(Errc::limit, "more than " + std::to_string(limits.entries) + " entries (limit entries)");
    }
    if (!TRY(may_be_layer(entry, tar))) continue;
    if (entry.stored > limits.layer_bytes) {
      return fail(Errc::limit, printable(entry.name) + ": more than " + std::to_string(limits.layer_bytes) +
                                   " bytes (limit layer_bytes)");
    }
    const bool more = TRY(use(printable(entry.name), std::make_unique<Member>(tar)));
    if (!more) return {};
  }
  if (tar.ended_early()) return fail(Errc::damaged, "ended before all layers had come");
  return {};
}

// Of an image with several names the one that was asked for; where it was asked for otherwise, the first.
std::string tag_of(const std::vector<std::string>& tags, const std::string& asked) {
  for (const std::string& wanted : {asked, asked + ":latest"}) {
    for (const std::string& tag : tags) {
      if (is_named(tag, wanted)) return tag;
    }
  }
  return tags.empty() ? "" : tags.front();
}

// podman 4.3 answers 500 for an image that has none.
Result<std::vector<ImageConfig::Step>> history_of(Engine& engine, const std::string& path, std::size_t layers,
                                                  const Limits& limits) {
  const std::string json = TRY(engine.document(path + "/history", limits.manifest_bytes));
  return parse_engine_history(json, layers);
}

}  // namespace

Result<Image> open_image_at(const std::shared_ptr<Engine>& engine, const ImageRef& ref,
                            const Limits& limits) {
  const std::string json = TRY(engine->document("/images/" + ref.text + "/json", limits.manifest_bytes));
  EngineImage told = TRY(parse_engine_image(json));
  // not_found would say that there is no such image.
  const Status fits = check_platform(told.config.platform, ref.platform);
  if (!fits) return fail(Errc::unsupported, fits.error().message);
  const std::string path = "/images/" + told.id.str();  // what a name means may change
  const std::size_t count = told.config.diff_ids.size();
  Result<std::vector<ImageConfig::Step>> steps = history_of(*engine, path, count, limits);
  if (steps) told.config.history = *std::move(steps);
  if (!steps) ref.access.tell("its build steps are not known: " + steps.error().message);
  if (told.size > limits.image_bytes) {
    return fail(Errc::limit, std::to_string(told.size) + " bytes (limit image_bytes is " +
                                 std::to_string(limits.image_bytes) + ")");
  }
  Image image;
  image.info.id = told.id;
  image.info.tag = tag_of(told.tags, ref.text);
  for (const Digest& digest : told.config.diff_ids)
    image.info.layers.push_back(
        {.digest = digest, .media_type = "application/vnd.docker.image.rootfs.diff.tar"});
  image.stream = std::make_shared<BlobStream>();
  image.stream->read = [engine, limits, path = path + "/get"](const BlobStream::Use& use) -> Status {
    std::unique_ptr<ByteSource> sent = TRY(engine->stream(path));
    return within("what the engine sends", read_saved(std::move(sent), limits, use));
  };
  image.layers.resize(count);
  describe(told.config, image);
  return image;
}

std::vector<std::string> runtime_folders() {
  std::vector<std::string> all = {"/run/user/" + std::to_string(::getuid())};
  std::string said = environment("XDG_RUNTIME_DIR");
  while (said.ends_with('/')) said.pop_back();
  if (!said.empty() && said != all.front()) all.insert(all.begin(), said);
  return all;
}

Result<std::vector<std::string>> sockets_of(const EngineKind& kind) {
  constexpr std::string_view kUnix = "unix://";
  const std::string host = environment(std::string(kind.variable).c_str());
  if (host.empty()) return kind.usual_sockets();
  if (host.starts_with(kUnix)) return std::vector{host.substr(kUnix.size())};
  return fail(Errc::unsupported, "$" + std::string(kind.variable) + " is " + printable(cut(host, ':').first) +
                                     ":...: only unix:// sockets are asked");
}

Result<Image> open_engine(const EngineSearch& search, const ImageRef& ref, const Limits& limits) {
  const std::string scheme(search.scheme), name = scheme + ": " + ref.text;
  TRY(within(scheme, check_name(ref.text)));
  std::vector<std::string> sockets, without;
  std::vector<Error> troubles;  // of one engine: another may have it
  for (const EngineKind* kind : search.kinds) {
    Result<std::vector<std::string>> of = within(scheme, sockets_of(*kind));
    if (of) std::ranges::move(*of, std::back_inserter(sockets));
    if (!of) troubles.push_back(of.error());
  }
  for (const std::string& socket : sockets) {
    if (!is_there(socket)) continue;
    Result<Image> image = search.open(std::make_shared<Engine>(socket), ref, limits);
    if (image) {
      for (const Error& one : troubles) ref.access.tell(one.message);
      image->info.kind = scheme;
      return image;
    }
    if (image.error().code == Errc::not_found) {
      without.push_back(socket);
    } else {
      troubles.push_back(image.error().within(name));
    }
  }
  if (!troubles.empty()) {
    for (const Error& one : std::span(troubles).subspan(1)) ref.access.tell(one.message);
    return fail(troubles.front());
  }
  if (without.empty()) return fail(Errc::not_found, name + ": no engine listens at " + join(sockets, ", "));
  return fail(Errc::not_found, name + ": no " + std::string(search.what) + " of that name or id at " +
                                   join(without, ", ") +
                                   (search.hint.empty() ? "" : " (" + std::string(search.hint) + ")"));
}

}  // namespace peekr
