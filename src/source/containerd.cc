// SPDX-License-Identifier: Apache-2.0
// An image that containerd has. Its API is gRPC; `ctr`, which comes with it, is asked instead: for the digest of the name, and
// for the content of each blob that is wanted (ctr content get), so that containerd is to peekr what a registry is.
#include <algorithm>
#include <optional>

#include "base/process.h"
#include "base/text.h"
#include "base/timer.h"
#include "source/layout.h"
#include "source/reference.h"
#include "source/source.h"

namespace peekr {
namespace {

Result<bool> recognises(const std::string& /*path*/, const Limits& /*limits*/) { return false; }

// $CONTAINERD_ADDRESS and $CONTAINERD_NAMESPACE are read by ctr itself.
std::vector<std::string> ctr(std::vector<std::string> words) {
  words.insert(words.begin(), {"ctr", "--connect-timeout", "5s"});
  return words;
}

// What ctr says.
class Output : public ByteSource {
 public:
  explicit Output(std::unique_ptr<Running> running) : running_(std::move(running)) {}

  static Result<std::unique_ptr<ByteSource>> of(const std::vector<std::string>& command) {
    const Timer timer("source/ctr");
    Result<std::unique_ptr<Running>> running = Running::start(command);
    if (running) return std::make_unique<Output>(*std::move(running));
    return fail(Errc::unsupported, running.error().message + " (containerd is asked through it)");
  }

 private:
  Result<std::string_view> fill() override { return running_->next(); }

  std::unique_ptr<Running> running_;
};

// Blobs by their names in a layout.
Result<Stored> blob(const std::string& name) {
  const auto [algorithm, hex] = cut(std::string_view(name).substr(std::string_view("blobs/").size()), '/');
  const Digest digest = TRY(Digest::parse(std::string(algorithm) + ":" + std::string(hex)));
  return Stored{{}, [digest] { return Output::of(ctr({"content", "get", digest.str()})); }};
}

Result<std::string> all_of(const std::vector<std::string>& command, std::uint64_t most) {
  const Store store = [&](const std::string& /*name*/) -> Result<Stored> {
    return Stored{{}, [&] { return Output::of(command); }};
  };
  return read_stored(store, "ctr", most);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = trim(line)).empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// A line of `ctr images ls`: REF TYPE DIGEST SIZE ...
struct Listed {
  std::string name;
  Descriptor top;
};

Result<Listed> find(const std::string& name, const Limits& limits) {
  std::vector<std::string> command = ctr({"images", "ls", "name==" + name});
  const Result<ImageReference> reference = parse_reference(name);
  if (reference) command.push_back("name==" + reference->str());
  const std::string said = TRY(all_of(command, limits.manifest_bytes));
  std::optional<Listed> found;
  for (std::string_view rest = cut(said, '\n').second; !rest.empty(); rest = cut(rest, '\n').second) {
    const std::vector<std::string_view> words = words_of(cut(rest, '\n').first);
    if (words.size() < 3 || (found && words[0] != name)) continue;
    found = Listed{.name = std::string(words[0]), .top = {.media_type = std::string(words[1])}};
    found->top.digest = TRY(within("ctr images ls", Digest::parse(words[2])));
  }
  if (found) return *std::move(found);
  return fail(Errc::not_found,
              "no image of that name in this namespace ($CONTAINERD_NAMESPACE; ctr images ls "
              "lists them)");
}

Result<Image> open_listed(const ImageRef& ref, const Limits& limits) {
  Listed listed = TRY(find(ref.text, limits));
  listed.top.size = TRY(read_stored(blob, blob_name(listed.top.digest), limits.manifest_bytes)).size();
  Index index;
  index.manifests.push_back(std::move(listed.top));
  const Choice choice = choice_of({}, ref);
  Image image = TRY(open_index({blob, blob}, std::move(index), choice, limits));
  image.info.kind = "containerd";
  image.info.tag = listed.name;
  return image;
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  const std::string name = "containerd: " + ref.text;
  if (ref.text.empty() || ref.text.starts_with('-')) return fail(Errc::usage, name + ": no name");
  return within(name, open_listed(ref, limits));
}

}  // namespace

namespace sources {
extern const Source containerd = {
    .scheme = "containerd",
    .about = "an image that containerd has, by the name that ctr lists it with; ctr is run",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
