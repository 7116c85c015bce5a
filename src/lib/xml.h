// SPDX-License-Identifier: Apache-2.0
// XML (www.w3.org/TR/xml), read piece by piece: publishers' documents have hundreds of megabytes, each a list of small
// elements. XmlPieces finds those without a tree; Xml makes the tree of one. The only door to pugixml.
// Names are without their prefix ("linux-def:name" is "name"). Entities of a DOCTYPE are not expanded.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pugi {
class xml_document;
struct xml_node_struct;
}  // namespace pugi

namespace peekr {

// An element of a tree, which must outlive it. An absent one has no name, no text, no children.
class XmlNode {
 public:
  XmlNode() = default;
  explicit XmlNode(pugi::xml_node_struct* node) : node_(node) {}

  explicit operator bool() const { return node_ != nullptr; }
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::string_view attribute(std::string_view name) const;          // empty: absent
  [[nodiscard]] std::string text() const;                                         // its own, trimmed
  [[nodiscard]] XmlNode child(std::string_view name) const;                       // the first of that name
  [[nodiscard]] std::vector<XmlNode> children(std::string_view name = {}) const;  // of that name; empty: all

 private:
  pugi::xml_node_struct* node_ = nullptr;
};

// The tree of one element.
class Xml {
 public:
  static constexpr std::size_t kBytes = std::size_t{64} << 20;  // over that is Errc::limit

  static Result<Xml> parse(std::string_view element);
  Xml(Xml&&) noexcept;
  Xml& operator=(Xml&&) noexcept;
  ~Xml();
  [[nodiscard]] XmlNode root() const;

 private:
  explicit Xml(std::unique_ptr<pugi::xml_document> document);
  std::unique_ptr<pugi::xml_document> document_;
};

// One element as it stands in the document, and the name of the element around it.
struct XmlPiece {
  std::string_view section, bytes;
};

// The elements at one depth below the root (1: its children), in their order. Views into the document.
class XmlPieces {
 public:
  static constexpr std::size_t kDepth = 64;  // levels of a piece; over that is Errc::limit

  XmlPieces(std::string_view document, std::size_t depth) : document_(document), depth_(depth) {}
  // False at the end. Errc::damaged where tags do not nest, the document is cut short, or more stands behind the root.
  Result<bool> next(XmlPiece& piece);

 private:
  struct Tag;
  Result<bool> next_tag(Tag& tag);
  Status skip_markup();
  Status open(const Tag& tag);
  Status close(const Tag& tag);

  std::string_view document_;
  std::size_t depth_, at_ = 0;
  bool ended_ = false;                  // the root
  std::vector<std::string_view> open_;  // names with their prefixes
};

}  // namespace peekr
