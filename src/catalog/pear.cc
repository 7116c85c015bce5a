// SPDX-License-Identifier: Apache-2.0
// PHP packages that the pear and pecl commands installed: .registry/NAME.reg, PECL's in .registry/.channel.pecl.php.net, each
// a map in PHP's own format (php.net, "serialize"):
//
//   a:2:{s:4:"name";s:9:"memcached";s:7:"version";a:1:{s:7:"release";s:5:"3.2.0";}}
//
// package.xml 1.0 has "package" and a plain "version"; 2.0 has "name" and the version as a map.
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/cursor.h"
#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

constexpr std::size_t kDeepest = 64;

// Calls `take` with the keys that lead to each scalar and with the scalar. False where the bytes are no such map.
class Serialized {
 public:
  using Take = std::function<void(const std::vector<std::string_view>& keys, std::string_view value)>;

  Serialized(std::string_view bytes, Take take) : in_(bytes), take_(std::move(take)) {}

  bool read() {
    do {
      if (!value() || !in_.ok()) return false;
      while (!left_.empty() && left_.back() == 0) {
        if (in_.take(1) != "}") return false;
        left_.pop_back();
        keys_.pop_back();
      }
    } while (!left_.empty());
    return true;
  }

 private:
  // What comes next is an entry of a map: a key and its value, or the whole.
  bool value() {
    if (!left_.empty()) {
      --left_.back();
      std::string_view key;
      if (!scalar(in_.take(2), key)) return false;
      keys_.back() = key;
    }
    const std::string_view tag = in_.take(2);
    std::string_view text;
    if (tag != "a:") {
      if (!scalar(tag, text)) return false;
      take_(keys_, text);
      return true;
    }
    const std::optional<std::uint64_t> count = to_number(in_.until(':'));
    if (!count || in_.take(1) != "{" || left_.size() == kDeepest) return false;
    left_.push_back(*count);
    keys_.emplace_back();
    return true;
  }

  bool scalar(std::string_view tag, std::string_view& text) {
    if (tag == "N;") return true;
    if (tag == "i:" || tag == "b:" || tag == "d:") {
      text = in_.until(';');
      return in_.ok();
    }
    if (tag != "s:") return false;
    const std::optional<std::uint64_t> size = to_number(in_.until(':'));
    if (!size || in_.take(1) != "\"") return false;
    text = in_.take(*size);
    return in_.take(2) == "\";";
  }

  Cursor in_;
  Take take_;
  std::vector<std::uint64_t> left_;     // entries of the open maps
  std::vector<std::string_view> keys_;  // the last one of each
};

std::string channel_of(const Path& path) {
  constexpr std::string_view kChannel = "/.channel.";
  const std::string_view folder = path.folder();
  const std::size_t at = folder.rfind(kChannel);
  return at == std::string_view::npos ? "pear.php.net" : std::string(folder.substr(at + kChannel.size()));
}

void run(const File& file, Inventory& found) {
  Package package{.type = "pear", .vendor = channel_of(file.path), .path = file.path};
  const auto take = [&](const std::vector<std::string_view>& keys, std::string_view value) {
    const bool plain = keys.size() == 1, inner = keys.size() == 2;
    if (plain && (keys[0] == "name" || keys[0] == "package")) package.name = value;
    if (plain && keys[0] == "version") package.version = value;
    if (inner && keys[0] == "version" && keys[1] == "release") package.version = value;
    const bool license = (plain && (keys[0] == "license" || keys[0] == "release_license")) ||
                         (inner && keys[0] == "license" && keys[1] == "_content");
    if (license && !value.empty()) package.licenses = {std::string(value)};
  };
  if (!Serialized(file.bytes, take).read()) {
    found.notes.push_back({file.path, Why::damaged, "not what PHP serializes"});
  } else if (package.name.empty() || package.version.empty()) {
    found.notes.push_back({file.path, Why::damaged, package.name.empty() ? "no name" : "no version"});
  } else {
    found.add(std::move(package));
  }
}

constexpr std::array<Pattern, 2> kWants = {"**/.registry/*.reg", "**/.registry/.channel.*/*.reg"};

}  // namespace

namespace catalogers {
extern const Cataloger pear;
constexpr Cataloger pear = {.name = "pear",
                            .about = "PHP packages of PEAR and PECL: the registry of the pear command",
                            .version = 1,
                            .wants = kWants,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
