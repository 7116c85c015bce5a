// SPDX-License-Identifier: Apache-2.0
#include "report/xml.h"

#include "base/text.h"

namespace peekr {

XmlWriter::XmlWriter(std::string& out) : out_(out) { out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"; }

void XmlWriter::text(std::string_view name, std::string_view text, const Attributes& attributes) {
  open(name, attributes, ">");
  escaped(text);
  close(name);
}

void XmlWriter::empty(std::string_view name, const Attributes& attributes) { open(name, attributes, "/>\n"); }

void XmlWriter::open(std::string_view name, const Attributes& attributes, std::string_view end) {
  indent();
  out_ += "<" + std::string(name);
  for (const auto& [key, value] : attributes) {
    out_ += " " + std::string(key) + "=\"";
    escaped(value);
    out_ += '"';
  }
  out_ += end;
}

void XmlWriter::close(std::string_view name) { out_ += "</" + std::string(name) + ">\n"; }

void XmlWriter::escaped(std::string_view text) {
  std::string plain;
  for (const std::string_view line : split(text, '\n'))
    plain += (plain.empty() ? "" : "\n") + printable(line);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    // U+FFFE and U+FFFF are no characters of XML.
    const std::string_view three = std::string_view(plain).substr(i, 3);
    switch (plain[i]) {
      case '&': out_ += "&amp;"; break;
      case '<': out_ += "&lt;"; break;
      case '>': out_ += "&gt;"; break;
      case '"': out_ += "&quot;"; break;
      case '\n': out_ += "&#10;"; break;
      default:
        if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
          out_ += "\xEF\xBF\xBD";
          i += 2;
        } else {
          out_ += plain[i];
        }
    }
  }
}

}  // namespace peekr
