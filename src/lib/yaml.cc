// SPDX-License-Identifier: Apache-2.0
// yaml-cpp calls a handler as it reads; the open lists and maps lie on a stack of our own. What the handler cannot take it
// throws through yaml-cpp to parse_yaml(): there is no other way to stop it.
#include "lib/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <set>
#include <span>
#include <sstream>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kDeepest = 64;

class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { document = line_of(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { value({}, mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    stop(Errc::unsupported, "an alias", mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& text) override {
    value({.kind = Yaml::Kind::text, .text = text}, mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Yaml::Kind::list, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open(Yaml::Kind::map, mark);
  }
  void OnMapEnd() override { close(); }

  enum class Keys { as_they_stand, once };
  Keys keys = Keys::as_they_stand;
  Yaml root;
  std::size_t document = 0;  // the line on which it begins; 0: there is none

 private:
  struct Open {
    Yaml node;
    std::string key;
    std::size_t key_line = 0;
    bool has_key = false;
    std::set<std::string> keys = {};  // of a map, for Keys::once
  };

  static std::size_t line_of(const YAML::Mark& mark) { return static_cast<std::size_t>(mark.line) + 1; }

  [[noreturn]] static void stop(Errc code, const std::string& what, const YAML::Mark& mark) {
    throw Error{code, "not YAML that is read: line " + std::to_string(mark.line + 1) + ": " + what};
  }

  void open(Yaml::Kind kind, const YAML::Mark& mark) {
    if (open_.size() == kDeepest) stop(Errc::limit, "nested deeper than " + std::to_string(kDeepest), mark);
    if (is_key()) stop(Errc::unsupported, "a key that is no text", mark);
    open_.push_back(
        {.node = {.kind = kind, .line = line_of(mark)}, .key = {}, .key_line = 0, .has_key = false});
  }
  void close() {
    Yaml node = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(node));
  }
  void value(Yaml node, const YAML::Mark& mark) {
    node.line = line_of(mark);
    if (!is_key()) return put(std::move(node));
    if (node.kind != Yaml::Kind::text) stop(Errc::unsupported, "a key that is no text", mark);
    if (keys == Keys::once && !open_.back().keys.insert(node.text).second)
      stop(Errc::usage, printable(node.text) + ": stands twice", mark);
    open_.back().key = std::move(node.text);
    open_.back().key_line = node.line;
    open_.back().has_key = true;
  }
  void put(Yaml node) {
    if (open_.empty()) {
      root = std::move(node);
    } else if (open_.back().node.kind == Yaml::Kind::list) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      Open& map = open_.back();
      node.key_line = map.key_line;
      map.node.fields.push_back({std::move(map.key), std::move(node)});
      map.has_key = false;
    }
  }
  // Whether what comes next is the key of a map.
  [[nodiscard]] bool is_key() const {
    return !open_.empty() && open_.back().node.kind == Yaml::Kind::map && !open_.back().has_key;
  }

  std::vector<Open> open_;
};

// Into each of the builders a document.
Status parse(std::string_view bytes, std::span<Builder> to) {
  try {
    std::istringstream in{std::string(bytes)};
    YAML::Parser parser(in);
    for (Builder& one : to) parser.HandleNextDocument(one);
    return {};
  } catch (const Error& error) {
    return std::unexpected(error);
  } catch (const std::exception& error) {
    return fail(Errc::damaged, std::string("not YAML: ") + error.what());
  }
}

}  // namespace

Result<Yaml> parse_yaml(std::string_view bytes) {
  std::array<Builder, 1> documents;
  TRY(parse(bytes, documents));
  return std::move(documents[0].root);
}

Result<Yaml> parse_one_yaml(std::string_view bytes) {
  std::array<Builder, 2> documents;
  documents[0].keys = Builder::Keys::once;
  TRY(parse(bytes, documents));
  if (documents[1].document != 0)
    return fail(Errc::unsupported, "line " + std::to_string(documents[1].document) + ": a second document");
  return std::move(documents[0].root);
}

Result<std::vector<std::string>> texts_of(const Yaml& node) {
  if (node.kind == Yaml::Kind::text) return std::vector{node.text};
  std::vector<std::string> texts;
  for (const Yaml& item : node.items) {
    if (item.kind != Yaml::Kind::text) return fail(Errc::usage, "want a text or a list of texts");
    texts.push_back(item.text);
  }
  if (texts.empty()) return fail(Errc::usage, "want a text or a list of texts");
  return texts;
}

}  // namespace peekr
