// SPDX-License-Identifier: Apache-2.0
// The merged tree, by the words of the OCI layer specification.
#include "image/tree.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "image/cache.h"
#include "image/test_tree.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using namespace testing_tree;

TEST(Tree, a_higher_layer_replaces_a_file) {
  EXPECT_EQ(seen({{{"d/wanted", '0', "old", ""}}, {{"d/wanted", '0', "new", ""}}}), Files{"d/wanted=new@1"});
}

TEST(Tree, a_file_that_is_wanted_by_its_first_bytes_is_read) {
  EXPECT_EQ(seen({{{"d/x", '0', "#pieces", ""}, {"d/y", '0', "none", ""}}}), Files{"d/x=#pieces@0"});
  EXPECT_EQ(seen({{{"d/x", '0', "#pieces", ""}}, {{"d/x", '0', "no more", ""}}}), Files{});
}

TEST(Tree, a_file_wanted_by_its_first_bytes_is_found_when_only_its_hard_link_is_left) {
  EXPECT_EQ(seen({{{"x", '0', "#pieces", ""}, {"y", '1', "", "x"}}}), Files{"x=#pieces@0"});
  EXPECT_EQ(seen({{{"x", '0', "#pieces", ""}, {"y", '1', "", "x"}}, {{".wh.x", '0', "", ""}}}),
            Files{"y=#pieces@0"});
}

TEST(Tree, a_large_file_comes_in_pieces_that_overlap) {
  constexpr std::size_t kPiece = 40 << 20, kOverlap = 1 << 20;
  std::string body = "#pieces" + std::string(kPiece - 7, 'a');
  EXPECT_EQ(read({{{"x", '0', body, ""}}})->tree.found()[0].inventory->packages.size(), 1u);
  body += "tail";
  const std::unique_ptr<Read> all = read({{{"x", '0', body, ""}}});
  ASSERT_EQ(all->tree.found().size(), 1u);
  const std::vector<Package>& pieces = all->tree.found()[0].inventory->packages;
  ASSERT_EQ(pieces.size(), 3u) << "others have half of the room";
  std::string joined = pieces[0].name;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    EXPECT_EQ(pieces[i - 1].name.size(), (kPiece + 4 - kOverlap) / 3 + 1 + kOverlap) << "of equal size";
    EXPECT_TRUE(joined.ends_with(pieces[i].name.substr(0, kOverlap)));
    joined += pieces[i].name.substr(kOverlap);
  }
  EXPECT_EQ(joined, body);
}

// Reads as many packages as there are marks in each file or piece; all are programs but tar files.
constexpr Reader kMarkReader = {
    .interest = [](std::string_view, std::string_view) { return Interest::pieces; },
    .read =
        [](const File& file, Inventory& found) {
          found.executable = !file.path.str().ends_with(".tar");
          if (file.bytes.contains("#mark")) found.packages.push_back({.path = file.path});
        }};

FileDigests digests_of_program(const std::string& path, const std::string& body) {
  const std::vector<std::string> layers = {tar({{path, '0', body, ""}})};
  ReadOptions options;
  options.limits.file_bytes = 4 << 20;
  const Result<Tree> tree = read_layers(image_of(layers), kMarkReader, options, {});
  return tree ? tree->found().at(0).digests : FileDigests{.sha256 = tree.error().message};
}

TEST(
    Tree,
    a_program_is_hashed_where_it_matters_whose_it_is_or_it_is_large_or_where_programs_are_seldom_a_packages) {
  const std::string body(5 << 20, 'a'), small = "a";  // one of two pieces, one of one
  const std::string kOfSystem = "usr/lib/x";
  for (const std::string& path : {kOfSystem, std::string("app/node_modules/x/x.node"),
                                  std::string("opt/lib/python3.11/site-packages/x.so")}) {
    EXPECT_EQ(digests_of_program(path, small).sha256, "") << path;
    EXPECT_EQ(digests_of_program(path, small + "#mark").md5, hex_digest("md5", small + "#mark")) << path;
    EXPECT_EQ(digests_of_program(path, "#mark" + body).md5, hex_digest("md5", "#mark" + body)) << path;
    for (const std::string& one : {body, body + "#mark"}) {
      const std::string digest =
          path == kOfSystem ? hex_digest("md5", one) : "";  // else asked for later, if at all
      EXPECT_EQ(digests_of_program(path, one).md5, digest) << path;
    }
  }
  for (const std::string& one : {small, body, body + "#mark"})
    EXPECT_EQ(digests_of_program("opt/x", one).sha256, hex_digest("sha256", one));
  for (const std::string& one : {small, body})
    EXPECT_EQ(digests_of_program("opt/x.tar", one).sha256, "") << "no program";
  EXPECT_EQ(digests_of_program("opt/x.tar", small + "#mark").md5, hex_digest("md5", small + "#mark"));
}

// How many large files are held at once, and at most so far.
std::atomic<int> held = 0, most_held = 0;

TEST(Tree, large_files_that_are_wanted_whole_are_held_one_at_a_time) {
  for (const auto interest : {Interest::read, Interest::read_later}) {
    static Interest wanted;
    wanted = interest;
    most_held = 0;
    const Reader reader{.interest = [](std::string_view, std::string_view) { return wanted; },
                        .read =
                            [](const File&, Inventory&) {
                              const int now = ++held;
                              for (int most = most_held;
                                   now > most && !most_held.compare_exchange_weak(most, now);) {
                              }
                              std::this_thread::sleep_for(std::chrono::milliseconds(30));
                              --held;
                            }};
    std::vector<std::string> layers;
    for (const char* name : {"a", "b", "c", "d"})
      layers.push_back(tar({{name, '0', std::string(9 << 20, 'x'), ""}}));
    const Image image = image_of(layers);
    const Result<Tree> tree = read_layers(image, reader, {.threads = 4}, {});
    ASSERT_TRUE(tree);
    EXPECT_EQ(tree->found().size(), 4u);
    EXPECT_EQ(most_held, 1);
  }
}

TEST(Tree, a_whiteout_removes_a_file_and_a_folder_with_all_in_it) {
  EXPECT_EQ(seen({{{"d/wanted", '0', "x", ""}}, {{"d/.wh.wanted", '0', "", ""}}}), Files{});
  EXPECT_EQ(seen({{{"d/e/wanted", '0', "x", ""}}, {{".wh.d", '0', "", ""}}}), Files{});
}

TEST(Tree, a_whiteout_leaves_files_of_its_own_layer_alone_wherever_it_stands) {
  EXPECT_EQ(
      seen({{{"d/wanted", '0', "old", ""}}, {{"d/wanted", '0', "new", ""}, {"d/.wh.wanted", '0', "", ""}}}),
      Files{"d/wanted=new@1"});
}

TEST(Tree, an_opaque_whiteout_empties_the_lower_folder_only) {
  EXPECT_EQ(seen({{{"d/wanted1", '0', "a", ""}, {"e/wanted", '0', "b", ""}},
                  {{"d/wanted2", '0', "c", ""}, {"d/.wh..wh..opq", '0', "", ""}}}),
            (Files{"d/wanted2=c@1", "e/wanted=b@0"}));
}

TEST(Tree, an_opaque_whiteout_does_not_reach_through_a_link_that_its_layer_replaced) {
  EXPECT_EQ(seen({{{"var/wanted", '0', "a", ""}, {"alias", '2', "", "var"}},
                  {{"alias/", '5', "", ""},
                   {"alias/.wh..wh..opq", '0', "", ""},
                   {"alias/.wh.wanted", '0', "", ""}}}),
            Files{"var/wanted=a@0"});
}

TEST(Tree, an_opaque_whiteout_keeps_what_its_layer_wrote_below_a_lower_folder) {
  EXPECT_EQ(seen({{{"d/e/wanted1", '0', "a", ""}, {"d/f/wanted", '0', "b", ""}},
                  {{"d/e/wanted2", '0', "c", ""}, {"d/.wh..wh..opq", '0', "", ""}}}),
            Files{"d/e/wanted2=c@1"});
}

TEST(Tree, a_hard_link_keeps_the_bytes_that_it_linked_to) {
  EXPECT_EQ(seen({{{"x", '0', "first", ""}, {"wanted", '1', "", "x"}, {"x", '0', "second", ""}}}),
            Files{"wanted=first@0"});
}

TEST(Tree, a_file_written_through_a_link_to_nothing_lands_where_the_link_leads) {
  EXPECT_EQ(seen({{{"x", '2', "", "var/lib"}, {"x/wanted", '0', "a", ""}}}), Files{"var/lib/wanted=a@0"});
}

TEST(Tree, a_cycle_of_links_gives_way_to_a_folder) {
  EXPECT_EQ(seen({{{"x", '2', "", "y"}, {"y", '2', "", "x"}, {"x/wanted", '0', "a", ""}}}).size(), 1u);
}

TEST(Tree, a_layer_without_an_end_is_noted) {
  std::string cut = tar({{"wanted", '0', "a", ""}});
  cut.resize(1024);
  const std::vector<std::string> layers = {cut, ""};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->notes().size(), 2u);
}

TEST(Tree, implied_folders_count_against_the_limit_of_entries) {
  std::string deep = "w";
  for (int i = 0; i < 40; ++i) deep += "/d";
  const std::vector<std::string> layers = {tar({{deep}, {"x" + deep}})};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, kWantedReader, {.limits = {.entries = 50}}, {});
  ASSERT_FALSE(tree);
  EXPECT_NE(tree.error().message.find("limit entries"), std::string::npos);
}

TEST(Tree, packages_of_cached_layers_count_against_their_limit) {
  Reader reader = kWantedReader;
  reader.version = []() -> std::string_view { return "1"; };
  Cache cache("");
  const std::vector<std::string> layers = {tar({{"wanted-a", '0', "a", ""}}),
                                           tar({{"wanted-b", '0', "b", ""}})};
  const auto read = [&](std::size_t from, std::size_t count) {
    const std::vector<std::string> some(layers.begin() + static_cast<std::ptrdiff_t>(from),
                                        layers.begin() + static_cast<std::ptrdiff_t>(from + count));
    Image image = image_of(some);
    for (std::size_t i = 0; i < count; ++i)
      image.info.layers[i].digest = *Digest::parse("sha256:" + hex_digest("sha256", some[i]));
    return read_layers(image, reader, {.limits = {.packages = 1}, .cache = &cache}, {});
  };
  EXPECT_TRUE(read(0, 1));
  EXPECT_TRUE(read(1, 1));
  const Result<Tree> both = read(0, 2);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message, "more than 1 packages in the files of all layers (limit packages)")
      << "of no file: none was read";
}

TEST(Tree, verify_full_reads_what_is_there_not_what_the_cache_says_of_its_digest) {
  Reader reader = kWantedReader;
  reader.version = []() -> std::string_view { return "1"; };
  Cache cache("");
  const std::string good = tar({{"wanted", '0', "a", ""}}), bad = tar({{"wanted", '0', "b", ""}});
  const auto read = [&](const std::string& bytes, Verify verify) {
    const std::vector<std::string> layers = {bytes};
    Image image = image_of(layers);
    image.info.layers[0].digest = *Digest::parse("sha256:" + hex_digest("sha256", good));
    return read_layers(image, reader, {.verify = verify, .cache = &cache}, {});
  };
  EXPECT_TRUE(read(good, Verify::blobs));
  EXPECT_TRUE(read(bad, Verify::blobs)) << "it was read before";
  const Result<Tree> full = read(bad, Verify::full);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::mismatch);
  const Result<Tree> without = read(good, Verify::full);
  ASSERT_TRUE(without);
  EXPECT_NE(without->notes().at(0).what.find("no diff ID"), std::string::npos);
}

TEST(Tree, aufs_bookkeeping_is_no_whiteout) {
  EXPECT_EQ(
      seen({{{"wanted", '0', "a", ""}}, {{".wh..wh.plnk", '5', "", ""}, {".wh..wh.aufs", '0', "", ""}}}),
      Files{"wanted=a@0"});
}

TEST(Tree, a_folder_replaced_by_a_file_loses_its_contents) {
  EXPECT_EQ(seen({{{"d/wanted", '0', "x", ""}}, {{"d", '0', "file", ""}}}), Files{});
}

TEST(Tree, a_file_replaced_by_a_folder) {
  EXPECT_EQ(seen({{{"wanted", '0', "x", ""}}, {{"wanted/", '5', "", ""}, {"wanted/wanted", '0', "y", ""}}}),
            Files{"wanted/wanted=y@1"});
}

TEST(Tree, a_folder_entry_keeps_what_lower_layers_have_in_it) {
  EXPECT_EQ(seen({{{"d/wanted", '0', "x", ""}}, {{"d/", '5', "", ""}}}), Files{"d/wanted=x@0"});
}

TEST(Tree, the_later_of_two_entries_of_one_path_counts) {
  const auto all = read({{{"wanted", '0', "first", ""}, {"wanted", '0', "second", ""}}});
  EXPECT_EQ(all->seen.files, Files{"wanted=second@0"});
  EXPECT_EQ(all->tree.found().size(), 1u);
}

TEST(Tree, hidden_copies_are_kept_for_the_history) {
  const auto all = read({{{"wanted", '0', "old", ""}}, {{"wanted", '0', "new", ""}}});
  ASSERT_EQ(all->tree.found().size(), 2u);
  EXPECT_FALSE(all->tree.found()[0].visible);
  EXPECT_EQ(all->tree.found()[0].layer, 0u);
}

TEST(Tree, a_hard_link_to_a_file_of_a_lower_layer_is_read) {
  EXPECT_EQ(seen({{{"store/1", '0', "x", ""}}, {{"d/wanted", '1', "", "store/1"}}}), Files{"d/wanted=x@1"});
}

TEST(Tree, a_hard_link_survives_the_removal_of_its_target) {
  EXPECT_EQ(seen({{{"store/1", '0', "x", ""}, {"wanted", '1', "", "store/1"}}, {{".wh.store", '0', "", ""}}}),
            Files{"wanted=x@0"});
}

TEST(Tree, a_hard_link_to_nothing_is_a_note) {
  const auto all = read({{{"wanted", '1', "", "absent"}}});
  EXPECT_EQ(all->seen.files, Files{});
  ASSERT_EQ(all->seen.notes.size(), 1u);
}

TEST(Tree, files_below_a_linked_folder_land_where_the_link_leads) {
  EXPECT_EQ(seen({{{"usr/lib/wanted", '0', "old", ""}, {"lib", '2', "", "usr/lib"}},
                  {{"lib/wanted", '0', "new", ""}}}),
            Files{"usr/lib/wanted=new@1"});
}

TEST(Tree, a_folder_is_looked_for_from_the_one_before_it) {
  EXPECT_EQ(seen({{{"a/b/c/wanted", '0', "1", ""},
                   {"a/b/wanted", '0', "2", ""},
                   {"a/bc/wanted", '0', "3", ""},
                   {"a/b/c/d/wanted", '0', "4", ""},
                   {"wanted", '0', "5", ""},
                   {"ab/wanted", '0', "6", ""},
                   {"a/wanted", '0', "7", ""}}}),
            (Files{"a/b/c/d/wanted=4@0", "a/b/c/wanted=1@0", "a/b/wanted=2@0", "a/bc/wanted=3@0",
                   "a/wanted=7@0", "ab/wanted=6@0", "wanted=5@0"}));
  // What stood on the way may have become a link, or gone.
  const std::vector<Made> lower = {{"a/b/c/x", '0', "", ""}};
  EXPECT_EQ(seen({lower, {{"a/b/c/y", '0', "", ""}, {"a/b", '2', "", "/z"}, {"a/b/c/wanted", '0', "1", ""}}}),
            Files{"z/c/wanted=1@1"});
  EXPECT_EQ(
      seen({lower, {{"a/b/c/d/.wh.x", '0', "", ""}, {".wh.a", '0', "", ""}, {"a/b/wanted", '0', "1", ""}}}),
      Files{"a/b/wanted=1@1"});
  EXPECT_EQ(seen({{{"l", '2', "", "p/q"},
                   {"l/m/wanted", '0', "1", ""},
                   {"l/n/wanted", '0', "2", ""},
                   {"p/wanted", '0', "3", ""}}}),
            (Files{"p/q/m/wanted=1@0", "p/q/n/wanted=2@0", "p/wanted=3@0"}));
}

TEST(Tree, find_follows_links_that_stay_inside) {
  const auto all = read({{{"a/b/file", '0', "x", ""},
                          {"absolute", '2', "", "/a/b"},
                          {"climbing", '2', "", "../../../a"},
                          {"chain", '2', "", "absolute/file"},
                          {"self", '2', "", "self"},
                          {"ping", '2', "", "pong"},
                          {"pong", '2', "", "ping"}}});
  const auto real = [&](std::string_view path) {
    const std::optional<Path> found = all->tree.real_path(Path(path));
    return found ? found->str() : "nothing";
  };
  EXPECT_EQ(real("absolute/file"), "a/b/file");
  EXPECT_EQ(real("climbing/b/file"), "a/b/file");
  EXPECT_EQ(real("chain"), "a/b/file");
  EXPECT_EQ(real("self"), "nothing");
  EXPECT_EQ(real("ping/x"), "nothing");
  EXPECT_FALSE(all->tree.find(Path("a/b/file/below")));
  EXPECT_EQ(all->tree.find_no_follow(Path("chain"))->kind, NodeKind::symlink);
  EXPECT_EQ(all->tree.list(Path("absolute")), std::vector<std::string_view>{"file"});
}

TEST(Tree, names_that_climb_out_stay_inside_and_are_noted) {
  const auto all = read({{{"../../wanted", '0', "x", ""}, {"/abs/wanted", '0', "y", ""}}});
  EXPECT_EQ(all->seen.files, (Files{"abs/wanted=y@0", "wanted=x@0"}));
  EXPECT_EQ(all->seen.notes.size(), 1u);
}

// Links are as long as their writer likes: what they lead to is not hidden by that.
TEST(Tree, forty_long_links_are_followed_and_one_more_is_not) {
  const auto lead = [](int links) {
    std::string slow;
    for (int i = 0; i < 2000; ++i) slow += "./";
    std::vector<Made> made = {{"end/wanted", '0', "x", ""}};
    for (int i = 0; i < links; ++i) {
      const std::string target = slow + (i + 1 < links ? "l" + std::to_string(i + 1) : "end");
      made.push_back({"pax", 'x', testing_layers::record("linkpath=" + target), ""});
      made.push_back({"l" + std::to_string(i), '2', "", ""});
    }
    return made;
  };
  const std::unique_ptr<Read> forty = read({lead(40)}), more = read({lead(41)});
  EXPECT_EQ(forty->tree.real_path(Path("l0/wanted")), Path("end/wanted"));
  EXPECT_FALSE(more->tree.find(Path("l0/wanted")));
  EXPECT_TRUE(more->tree.find(Path("l1/wanted")));
  const std::unique_ptr<Read> removed = read({lead(40), {{"l0/.wh.wanted", '0', "", ""}}});
  EXPECT_FALSE(removed->tree.find(Path("end/wanted")));
}

TEST(Tree, links_through_links_lead_where_they_led_one_by_one) {
  const std::unique_ptr<Read> all = read({{{"a/b/wanted", '0', "x", ""},
                                           {"a/up", '2', "", ".."},
                                           {"in", '2', "", "/a/b"},
                                           {"back", '2', "", "in/../up/a/b/."},
                                           {"loop", '2', "", "pool/x"},
                                           {"pool", '2', "", "loop"},
                                           {"self", '2', "", "./self"},
                                           {"file", '2', "", "in/wanted"},
                                           {"below", '2', "", "file/x"},
                                           {"gone", '2', "", "in/no"},
                                           {"outside", '2', "", "../../../in"}}});
  const Tree& tree = all->tree;
  EXPECT_EQ(tree.real_path(Path("back/wanted")), Path("a/b/wanted"));
  EXPECT_EQ(tree.real_path(Path("outside/wanted")), Path("a/b/wanted"));
  EXPECT_EQ(tree.real_path(Path("file")), Path("a/b/wanted"));
  for (const char* nowhere : {"loop", "pool", "self", "below", "gone", "file/x"})
    EXPECT_FALSE(tree.find(Path(nowhere))) << nowhere;
  EXPECT_EQ(tree.find_no_follow(Path("loop"))->kind, NodeKind::symlink);
}

TEST(Tree, what_waits_for_the_end_of_a_layer_is_bounded) {
  const Reader later{[](std::string_view, std::string_view) { return Interest::read_later; },
                     testing_layers::report_file};
  const std::vector<std::string> layers = {tar({{"a", '0', "12345678", ""}, {"b", '0', "abcdefgh", ""}})};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, later, {.limits = {.file_bytes = 15}}, {});
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->found().size(), 2u);
  ASSERT_EQ(tree->notes().size(), 1u);
  EXPECT_EQ(tree->notes()[0].path, Path("b"));
  EXPECT_EQ(tree->notes()[0].why, Why::too_big);
}

TEST(Tree, a_sparse_file_that_nobody_wants_may_state_any_size) {
  std::string block = testing_layers::header({"big", 'S', "", ""}, 0);
  testing_layers::put(block, 483, testing_layers::octal(std::uint64_t{1} << 32, 12));
  testing_layers::set_checksum(block);
  const std::vector<std::string> layers = {block + tar({{"wanted", '0', "x", ""}})};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_TRUE(tree);
  EXPECT_TRUE(tree->notes().empty());
  EXPECT_EQ(tree->find(Path("big"))->size, std::uint64_t{1} << 32);
}

// Through links a real path could grow to forty times what a name may have.
TEST(Tree, a_real_path_over_the_limit_is_left_out_and_said_so) {
  const std::string part(60, 'd');
  std::vector<Made> made;
  std::string folder = part;
  for (int i = 0; i < 4; ++i) {
    made.push_back({folder + "/" + part + "/", '5', "", ""});
    made.push_back({"l" + std::to_string(i), '2', "", folder + "/" + part});
    folder = "l" + std::to_string(i);
  }
  made.push_back({"l3/wanted", '0', "x", ""});
  made.push_back({"l1/wanted", '0', "y", ""});
  const std::string bytes = tar(made);
  const std::vector<std::string> layers = {bytes};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, kWantedReader, {.limits = {.path_bytes = 250}}, {});
  ASSERT_TRUE(tree);
  EXPECT_FALSE(tree->find(Path("l3/wanted")));
  EXPECT_TRUE(tree->find(Path("l1/wanted")));
  ASSERT_FALSE(tree->notes().empty());
  EXPECT_NE(tree->notes().front().what.find("path_bytes"), std::string::npos);
}

TEST(Tree, links_cost_steps) {
  std::string slow;
  for (int i = 0; i < 1000; ++i) slow += "./";
  std::vector<Made> made = {{"f", '0', "", ""}};
  made.push_back({"pax", 'x', testing_layers::record("linkpath=" + slow), ""});
  made.push_back({"l", '2', "", ""});
  for (int i = 0; i < 100; ++i) made.push_back({"h" + std::to_string(i), '1', "", "l/f"});
  const std::string bytes = tar(made);
  const std::vector<std::string> layers = {bytes};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, kWantedReader, {.limits = {.entries = 200}}, {});
  ASSERT_FALSE(tree);
  EXPECT_NE(tree.error().message.find("steps"), std::string::npos);
}

TEST(Tree, one_layer_and_many_give_the_same) {
  std::vector<Made> whole;
  std::vector<std::vector<Made>> parts;
  for (int i = 0; i < 10; ++i) {
    whole.push_back({"d" + std::to_string(i) + "/wanted", '0', std::to_string(i), ""});
    parts.push_back({whole.back()});
  }
  Files one = seen({whole}), many = seen(parts);
  for (std::string& file : one) file.resize(file.find('@'));
  for (std::string& file : many) file.resize(file.find('@'));
  EXPECT_EQ(one, many);
}

TEST(Tree, more_entries_than_the_limit_is_an_error_that_names_it) {
  const std::vector<std::string> layers = {tar({{"a"}, {"b"}, {"c"}})};
  const Image image = image_of(layers);
  const Result<Tree> tree = read_layers(image, kWantedReader, {.limits = {.entries = 2}}, {});
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, Errc::limit);
  EXPECT_NE(tree.error().message.find("limit entries"), std::string::npos);
}

TEST(Tree, a_layer_without_an_end_marker_is_whole_where_its_digest_says_so) {
  std::string open = tar({{"d/wanted", '0', std::string(600, 'x'), ""}});
  open.resize(open.size() - 1024);
  const std::string cut = open.substr(0, open.size() - 500);
  const auto told = [](const std::vector<std::string>& layers, bool verified) -> std::string {
    Image image = image_of(layers);
    if (verified) image.info.layers[0].digest = {"sha256", hex_digest("sha256", layers[0])};
    const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
    if (!tree) return "error";
    if (tree->notes().size() != 1) return std::to_string(tree->notes().size());
    return std::string(incomplete(tree->notes()[0].why) ? "incomplete: " : "") + tree->notes()[0].what;
  };
  for (const std::string& bytes : {open, std::string()}) {
    EXPECT_TRUE(told({bytes}, true).ends_with("the tar was written without an end marker"))
        << told({bytes}, true);
    EXPECT_FALSE(told({bytes}, true).starts_with("incomplete"));
    EXPECT_TRUE(told({bytes}, false).starts_with("incomplete"));
    EXPECT_TRUE(told({bytes}, false).ends_with("it may have been cut short"));
  }
  EXPECT_EQ(told({cut}, true), "error");
}

TEST(Tree, layers_are_laid_in_their_order_whichever_comes_first) {
  Reader reader = kWantedReader;
  reader.version = []() -> std::string_view { return "1"; };
  std::vector<std::string> layers;
  for (int i = 0; i < 24; ++i) {
    layers.push_back(tar({{"d/.wh.gone" + std::to_string(i - 1)},
                          {"d/gone" + std::to_string(i)},
                          {"d/wanted", '0', std::to_string(i), ""}}));
  }
  for (std::size_t cached = 0; cached < 4; ++cached) {  // each time others are not
    Cache cache("");
    Image image = image_of(layers), some;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      image.info.layers[i].digest = *Digest::parse("sha256:" + hex_digest("sha256", layers[i]));
      if (i % 4 != cached) continue;
      some.info.layers.push_back(image.info.layers[i]);
      some.layers.push_back(image.layers[i]);
    }
    ASSERT_TRUE(read_layers(some, reader, {.cache = &cache}, {}));
    const Result<Tree> tree = read_layers(image, reader, {.threads = 4, .cache = &cache}, {});
    ASSERT_TRUE(tree);
    EXPECT_EQ(tree->list(Path("d")), (std::vector<std::string_view>{"gone23", "wanted"}));
    for (std::size_t i = 0; i < layers.size(); ++i) {
      EXPECT_EQ(tree->found().at(i).inventory->packages.at(0).name, std::to_string(i));
      EXPECT_EQ(tree->found()[i].visible, i + 1 == layers.size());
    }
  }
}

TEST(Tree, a_layer_that_cannot_be_read_is_said_before_what_the_lower_ones_do_not_let_be_laid) {
  const std::vector<std::string> layers = {tar({{"a/b/c/d"}}), tar({{"x"}}), tar({{"y"}})};
  Image image = image_of(layers);
  const ReadOptions options{.limits = {.entries = 3}};
  const Result<Tree> laid = read_layers(image, kWantedReader, options, {});
  ASSERT_FALSE(laid);
  EXPECT_NE(laid.error().message.find("layer 1 of 3: more than 3 files and folders"), std::string::npos);
  image.info.layers[1].digest = {"sha256", std::string(64, '0')};
  const Result<Tree> read = read_layers(image, kWantedReader, options, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::mismatch);
}

TEST(Tree, a_blob_with_another_digest_is_an_error_that_names_both) {
  const std::vector<std::string> layers = {tar({{"a"}})};
  Image image = image_of(layers);
  image.info.layers[0].digest = {"sha256", std::string(64, '0')};
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, Errc::mismatch);
  EXPECT_NE(tree.error().message.find("expected sha256:0000"), std::string::npos);
}

TEST(Tree, a_diff_id_is_asked_only_when_told) {
  const std::vector<std::string> layers = {tar({{"a"}})};
  Image image = image_of(layers);
  image.info.layers[0].diff_id = {"sha256", std::string(64, '0')};
  EXPECT_TRUE(read_layers(image, kWantedReader, {}, {}));
  EXPECT_FALSE(read_layers(image, kWantedReader, {.verify = Verify::full}, {}));
}

}  // namespace
}  // namespace peekr
