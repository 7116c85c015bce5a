// SPDX-License-Identifier: Apache-2.0
// pugixml parses without recursion; what it is given has been bounded in size and depth by the scan before.
#include "lib/xml.h"

#include <pugixml.hpp>
#include <utility>

#include "base/memory.h"
#include "base/text.h"

namespace peekr {
namespace {

std::string_view local(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Error behind_the_root() { return {Errc::damaged, "xml: more behind the root element"}; }

Status check(std::string_view element) {
  if (element.size() > Xml::kBytes) {
    return fail(Errc::limit, "xml: an element of " + std::to_string(element.size()) + " bytes");
  }
  XmlPieces whole(element, 0);
  XmlPiece piece;
  if (!TRY(whole.next(piece))) return fail(Errc::damaged, "xml: no element");
  TRY(whole.next(piece));
  return {};
}

}  // namespace

std::string_view XmlNode::name() const { return local(pugi::xml_node(node_).name()); }

std::string_view XmlNode::attribute(std::string_view name) const {
  for (const pugi::xml_attribute one : pugi::xml_node(node_).attributes()) {
    if (local(one.name()) == name) return one.value();
  }
  return {};
}

std::string XmlNode::text() const {
  std::string all;
  for (const pugi::xml_node one : pugi::xml_node(node_).children()) {
    if (one.type() == pugi::node_pcdata || one.type() == pugi::node_cdata) all += one.value();
  }
  return std::string(trim(all));
}

XmlNode XmlNode::child(std::string_view name) const {
  for (const pugi::xml_node one : pugi::xml_node(node_).children()) {
    if (one.type() == pugi::node_element && local(one.name()) == name) return XmlNode(one.internal_object());
  }
  return {};
}

std::vector<XmlNode> XmlNode::children(std::string_view name) const {
  std::vector<XmlNode> all;
  for (const pugi::xml_node one : pugi::xml_node(node_).children()) {
    if (one.type() != pugi::node_element || (!name.empty() && local(one.name()) != name)) continue;
    all.emplace_back(one.internal_object());
  }
  return all;
}

Xml::Xml(std::unique_ptr<pugi::xml_document> document) : document_(std::move(document)) {}
Xml::Xml(Xml&&) noexcept = default;
Xml& Xml::operator=(Xml&&) noexcept = default;
Xml::~Xml() = default;

Result<Xml> Xml::parse(std::string_view element) {
  TRY(check(element));
  auto document = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result parsed =
      document->load_buffer(element.data(), element.size(), pugi::parse_default, pugi::encoding_utf8);
  if (parsed.status == pugi::status_out_of_memory) out_of_memory();
  if (!parsed) return fail(Errc::damaged, "xml: " + lower(parsed.description()));
  return Xml(std::move(document));
}

XmlNode Xml::root() const { return XmlNode(document_->document_element().internal_object()); }

struct XmlPieces::Tag {
  enum class Kind { start, end, empty } kind{};
  std::string_view name;
  std::size_t from = 0;  // of its "<"
};

// Past a comment, a processing instruction, CDATA or a DOCTYPE, whose "<" is at `at_`.
Status XmlPieces::skip_markup() {
  struct Markup {
    std::string_view open, close;
  };
  // A DOCTYPE with declarations of its own ends in "]>".
  constexpr Markup kAll[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}};
  const std::string_view rest = document_.substr(at_);
  for (Markup one : kAll) {
    if (!rest.starts_with(one.open)) continue;
    if (one.open == "<!") {
      const std::size_t bracket = rest.find_first_of("[>");
      if (bracket != std::string_view::npos && rest[bracket] == '[') one.close = "]>";
    }
    const std::size_t end = rest.find(one.close, one.open.size());
    if (end == std::string_view::npos) break;
    at_ += end + one.close.size();
    return {};
  }
  return fail(Errc::damaged, "xml: cut short");
}

Result<bool> XmlPieces::next_tag(Tag& tag) {
  for (;;) {
    const std::size_t from = std::exchange(at_, document_.find('<', at_));
    if (ended_ && !trim(document_.substr(from, at_ - from)).empty()) return fail(behind_the_root());
    if (at_ == std::string_view::npos) {
      at_ = document_.size();
      return false;
    }
    const char c = at_ + 1 < document_.size() ? document_[at_ + 1] : '\0';
    if (c != '!' && c != '?') break;
    TRY(skip_markup());
  }
  if (ended_) return fail(behind_the_root());
  tag.from = at_;
  // The ">" of a tag: not one inside of an attribute's quotes.
  std::size_t end = at_;
  for (;;) {
    end = document_.find_first_of("\"'>", end + 1);
    if (end == std::string_view::npos) return fail(Errc::damaged, "xml: cut short");
    if (document_[end] == '>') break;
    end = document_.find(document_[end], end + 1);
    if (end == std::string_view::npos) return fail(Errc::damaged, "xml: cut short");
  }
  std::string_view inside = document_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  tag.kind = Tag::Kind::start;
  if (inside.starts_with('/')) {
    tag.kind = Tag::Kind::end;
    inside.remove_prefix(1);
  } else if (inside.ends_with('/')) {
    tag.kind = Tag::Kind::empty;
    inside.remove_suffix(1);
  }
  tag.name = inside.substr(0, inside.find_first_of(" \t\r\n"));
  if (tag.name.empty()) return fail(Errc::damaged, "xml: a tag without a name");
  return true;
}

Status XmlPieces::open(const Tag& tag) {
  if (open_.size() >= depth_ + kDepth) {
    return fail(Errc::limit, "xml: more than " + std::to_string(kDepth) + " levels");
  }
  open_.push_back(tag.name);
  return {};
}

Status XmlPieces::close(const Tag& tag) {
  if (open_.empty() || open_.back() != tag.name) {
    return fail(Errc::damaged, "xml: </" + printable(tag.name.substr(0, 40)) + "> closes what is not open");
  }
  open_.pop_back();
  return {};
}

Result<bool> XmlPieces::next(XmlPiece& piece) {
  std::size_t from = 0;
  for (Tag tag; TRY(next_tag(tag));) {
    if (tag.kind != Tag::Kind::end && open_.size() == depth_) from = tag.from;
    if (tag.kind == Tag::Kind::start) TRY(open(tag));
    if (tag.kind == Tag::Kind::end) TRY(close(tag));
    ended_ = open_.empty();
    if (tag.kind == Tag::Kind::start || open_.size() != depth_) continue;
    piece.section = depth_ == 0 ? std::string_view() : local(open_.back());
    piece.bytes = document_.substr(from, at_ - from);
    return true;
  }
  if (!open_.empty()) {
    return fail(Errc::damaged, "xml: cut short inside of <" + printable(open_.back().substr(0, 40)) + ">");
  }
  return false;
}

}  // namespace peekr
