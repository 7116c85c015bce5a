// SPDX-License-Identifier: Apache-2.0
#include "lib/xml.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::vector<std::string> pieces(std::string_view document, std::size_t depth) {
  std::vector<std::string> all;
  XmlPieces from(document, depth);
  for (XmlPiece piece;;) {
    const Result<bool> more = from.next(piece);
    if (!more) all.push_back(more.error().message);
    if (!more || !*more) return all;
    all.push_back(std::string(piece.section) + ": " + std::string(piece.bytes));
  }
}

using Lines = std::vector<std::string>;

TEST(Xml, pieces_are_the_elements_at_one_depth) {
  constexpr std::string_view kDocument =
      "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x \"<b>\">]><o:a q='>'><!-- <b> --><b i='1'/>"
      "<b>x<c/><![CDATA[</b>]]></b ></o:a>\n";
  EXPECT_EQ(pieces(kDocument, 1), (Lines{"a: <b i='1'/>", "a: <b>x<c/><![CDATA[</b>]]></b >"}));
  EXPECT_EQ(pieces(kDocument, 2), Lines{"b: <c/>"});
  EXPECT_EQ(pieces("", 1), Lines{});
  EXPECT_EQ(pieces("no xml", 1), Lines{});
}

TEST(Xml, what_does_not_nest_or_end_is_an_error_behind_the_whole_pieces) {
  EXPECT_EQ(pieces("<a><b/><c></a>", 1), (Lines{"a: <b/>", "xml: </a> closes what is not open"}));
  EXPECT_EQ(pieces("<a><b/><c>", 1), (Lines{"a: <b/>", "xml: cut short inside of <c>"}));
  EXPECT_EQ(pieces("<a><b/><c x=\"1", 1), (Lines{"a: <b/>", "xml: cut short"}));
  EXPECT_EQ(pieces("<a><b/><!-- x", 1), (Lines{"a: <b/>", "xml: cut short"}));
  EXPECT_EQ(pieces("</a>", 0), Lines{"xml: </a> closes what is not open"});
  EXPECT_EQ(pieces("<>", 0), Lines{"xml: a tag without a name"});
}

TEST(Xml, a_tree_gives_names_texts_and_attributes) {
  const Result<Xml> xml =
      Xml::parse("<o:d xmlns:o='u' o:id='7'><t> a &lt;&#x62;<!-- c --><![CDATA[<&]]> </t><o:t>2</o:t></o:d>");
  ASSERT_TRUE(xml) << xml.error().message;
  const XmlNode root = xml->root();
  EXPECT_EQ(root.name(), "d");
  EXPECT_EQ(root.attribute("id"), "7");
  EXPECT_EQ(root.child("t").text(), "a <b<&");
  EXPECT_EQ(root.children("t").size(), 2u);
  EXPECT_EQ(root.children().at(1).text(), "2");
  EXPECT_FALSE(root.child("x"));
  EXPECT_EQ(root.child("x").child("y").text(), "");
  EXPECT_EQ(root.attribute("x"), "");
}

TEST(Xml, deep_large_and_broken_elements_are_errors) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(Xml::parse(deep).error().message, "xml: more than 64 levels");
  EXPECT_EQ(Xml::parse("<a>" + std::string(Xml::kBytes, 'x') + "</a>").error().code, Errc::limit);
  EXPECT_EQ(Xml::parse("").error().message, "xml: no element");
  EXPECT_EQ(Xml::parse("<a b></a>").error().code, Errc::damaged);
}

TEST(Xml, behind_the_root_element_are_only_remarks) {
  const auto error = [](std::string_view text) {
    const Result<Xml> xml = Xml::parse(text);
    return xml ? xml->root().name() == "a" ? "" : "another root" : xml.error().message;
  };
  const std::string message = "xml: more behind the root element";
  EXPECT_EQ(error("<?xml version='1.0'?><!-- <x/> --><a/>\n<!-- <b/> --><?c d?>\n"), "");
  EXPECT_EQ(error("<a/><b/>"), message);
  EXPECT_EQ(error("<a><b/></a><a/>"), message);
  EXPECT_EQ(error("<a/> text"), message);
  EXPECT_EQ(error("<a/> text <!-- c -->"), message);
  EXPECT_EQ(pieces("<a><b/></a><c><d/></c>", 1), (Lines{"a: <b/>", message}));
  EXPECT_EQ(pieces("<a><b/></a>]]>", 1), (Lines{"a: <b/>", message}));
}

TEST(Xml, an_entity_of_a_doctype_is_not_expanded) {
  const Result<Xml> xml = Xml::parse("<!DOCTYPE a [<!ENTITY x \"xxxxxxxx\">]><a>&x;</a>");
  ASSERT_TRUE(xml) << xml.error().message;
  EXPECT_EQ(xml->root().text(), "&x;");
}

}  // namespace
}  // namespace peekr
