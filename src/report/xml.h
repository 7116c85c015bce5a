// SPDX-License-Identifier: Apache-2.0
// XmlWriter: appends one XML 1.0 document to a string, indented by two. What XML has no characters for becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peekr {

class XmlWriter {
 public:
  using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

  explicit XmlWriter(std::string& out);
  // `content` writes what is in it.
  template <class Content>
  void element(std::string_view name, const Attributes& attributes, const Content& content) {
    open(name, attributes, ">\n");
    ++depth_;
    content();
    --depth_;
    indent();
    close(name);
  }
  void text(std::string_view name, std::string_view text, const Attributes& attributes = {});
  void empty(std::string_view name, const Attributes& attributes);

 private:
  void indent() { out_.append(std::size_t{2} * depth_, ' '); }
  void open(std::string_view name, const Attributes& attributes, std::string_view end);
  void close(std::string_view name);
  void escaped(std::string_view text);

  std::string& out_;
  unsigned depth_ = 0;
};

}  // namespace peekr
