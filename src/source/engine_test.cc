// SPDX-License-Identifier: Apache-2.0
// What engines say, and a container's changes as a layer. The rest is asked of real ones: tests/engine_test.py.
#include "source/engine.h"

#include <gtest/gtest.h>

#include "image/tar.h"
#include "image/test_layers.h"
#include "image/unpack.h"

namespace peekr {
namespace {

const std::string kHex(64, 'a');

TEST(Engine, images_of_docker_and_podman) {
  const Result<EngineImage> docker = parse_engine_image(
      R"({"Id":"sha256:)" + kHex + R"(","RepoTags":["a:1"],"Size":7,"Os":"linux","Architecture":"arm64",)" +
      R"("Variant":"v8","Config":{"Labels":{"k":"v","n":1}},"RootFS":{"Type":"layers","Layers":["sha256:)" +
      kHex + R"("]}})");
  ASSERT_TRUE(docker) << docker.error().message;
  EXPECT_EQ(docker->id.hex, kHex);
  EXPECT_EQ(docker->tags, std::vector<std::string>{"a:1"});
  EXPECT_EQ(docker->size, 7u);
  EXPECT_EQ(docker->config.platform.str(), "linux/arm64");
  EXPECT_EQ(docker->config.labels, (std::map<std::string, std::string>{{"k", "v"}}));
  ASSERT_EQ(docker->config.diff_ids.size(), 1u);
  const Result<EngineImage> podman = parse_engine_image(
      R"({"Id":")" + kHex + R"(","RepoTags":null,"Config":{"Labels":null},"RootFS":{"Type":"layers"}})");
  ASSERT_TRUE(podman) << podman.error().message;
  EXPECT_EQ(podman->id.str(), "sha256:" + kHex);
}

TEST(Engine, what_is_no_image_or_container_is_refused) {
  for (const char* json :
       {"", "[]", "null", "{}", R"({"Id":"x"})", R"({"Id":7})", "{\"Id\":\"sha256:../..\"}"}) {
    EXPECT_FALSE(parse_engine_image(json)) << json;
    EXPECT_FALSE(parse_engine_container(json)) << json;
  }
  EXPECT_FALSE(
      parse_engine_image(R"({"Id":")" + kHex + R"(","RootFS":{"Layers":["sha256:short"]}})").has_value());
  EXPECT_FALSE(parse_engine_container(R"({"Id":")" + kHex + R"(","Image":"debian"})").has_value());
}

// The parsed document of an image with these fields besides its id.
Result<EngineImage> image_with(const std::string& fields) {
  return parse_engine_image(R"({"Id":")" + kHex + R"(",)" + fields + "}");
}

TEST(Engine, what_an_image_does_not_say_or_says_oddly_is_an_error) {
  const std::string layer = R"("sha256:)" + kHex + R"(")";
  const std::pair<std::string, std::string> cases[] = {
      {R"("Size":1)", "image: no RootFS"},
      {R"("RootFS":null)", "image: no RootFS"},
      {R"("RootFS":[])", "image: RootFS: not an object"},
      {R"("Size":1,"RootFS":{"Layers":[]})", "image: RootFS: no Layers, but a Size"},
      {R"("RootFS":{"Layers":[)" + layer + ",7," + layer + "]}", "image: Layers: not strings"},
      {R"("RootFS":{"Layers":"x"})", "image: Layers: not a list"},
      {R"("Size":"x","RootFS":{})", "image: Size: not a number"},
      {R"("RepoTags":[1],"RootFS":{})", "image: RepoTags: not strings"},
      {R"("RootFS":{},"rootfs":{})", "image: key rootfs stands twice"},
  };
  for (const auto& [fields, message] : cases) {
    const Result<EngineImage> found = image_with(fields);
    EXPECT_EQ(found ? "" : found.error().message, message) << fields;
  }
  EXPECT_TRUE(image_with(R"("RootFS":{},"Config":{"Labels":{"Name":"a","name":"b"}})"));
}

TEST(Engine, a_history_says_which_steps_made_layers_where_that_can_be_told) {
  const auto steps = [](std::size_t layers) {
    std::string all;
    const Result<std::vector<ImageConfig::Step>> found = parse_engine_history(
        R"([{"CreatedBy":"RUN true","Size":0},{"CreatedBy":"CMD x","Size":0},{"CreatedBy":"ADD y","Size":5,"Created":1}])",
        layers);
    if (!found) return found.error().message;
    for (const ImageConfig::Step& one : *found) all += one.text + (one.empty_layer ? "- " : "+ ");
    return all;
  };
  EXPECT_EQ(steps(1), "ADD y+ CMD x- RUN true- ");
  EXPECT_EQ(steps(2), "ADD y+ CMD x- RUN true+ ");
  EXPECT_EQ(steps(3), "");
  for (const char* json : {"{}", "null", "[7]", R"([{"CreatedBy":7}])", R"([{"Size":"x"}])"})
    EXPECT_FALSE(parse_engine_history(json, 1)) << json;
  // Which of two that may be empty is the layer?
  EXPECT_TRUE(
      parse_engine_history(
          R"([{"CreatedBy":"RUN b","Size":0},{"CreatedBy":"RUN a","Size":0},{"CreatedBy":"ADD y","Size":5}])",
          2)
          ->empty());
}

TEST(Engine, containers) {
  const Result<EngineContainer> found = parse_engine_container(
      R"({"Id":")" + kHex + R"(","Name":"/box","Image":"sha256:)" + kHex +
      R"(","Mounts":[{"Destination":"/data"}],"HostConfig":{"Tmpfs":{"/run":"","/data":"size=1"}}})");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->name, "box");
  EXPECT_EQ(found->mounts, (std::vector<std::string>{"/data", "/run"}));
  for (const char* mounts : {"7", "[7]", "[{}]", R"([{"Destination":7}])"})
    EXPECT_FALSE(parse_engine_container(R"({"Id":")" + kHex + R"(","Image":"sha256:)" + kHex +
                                        R"(","Mounts":)" + mounts + "}"))
        << mounts;
}

// "name kind contents" of what is in a tar.
std::vector<std::string> entries(ByteSource& source) {
  const Limits limits;
  Tar tar(source, limits);
  TarEntry entry;
  std::vector<std::string> all;
  for (;;) {
    const Result<bool> more = tar.next(entry);
    if (!more) return {more.error().message};
    if (!*more) break;
    std::string line = entry.name + (entry.link.empty() ? "" : " -> " + entry.link);
    if (entry.kind == TarEntry::Kind::directory) line += "/";
    if (entry.kind == TarEntry::Kind::file) line += ": " + tar.read().value_or("?").substr(0, 40);
    all.push_back(line);
  }
  if (tar.ended_early()) all.emplace_back("ended early");
  return all;
}

using Notes = Guarded<std::vector<Note>>;

std::unique_ptr<ByteSource> layer_of(const std::string& root, std::string_view changes,
                                     const std::shared_ptr<Notes>& notes = std::make_shared<Notes>()) {
  return changed_bytes(memory_bytes(root), *parse_engine_changes(changes), {}, notes);
}

// "path: what".
std::vector<std::string> lines(Notes& notes) {
  std::vector<std::string> all;
  notes.with([&](const std::vector<Note>& found) {
    for (const Note& one : found) all.push_back(one.path.str() + ": " + one.what);
  });
  return all;
}

TEST(Engine, changes_are_a_layer_out_of_the_merged_root) {
  const std::string long_name = std::string(150, 'n') + "/file";
  const std::string root = testing_layers::tar({{"a", '0', "kept as it is", ""},
                                                {"dir", '5', "", ""},
                                                {"dir/new", '0', std::string(1000, 'x'), ""},
                                                {"pax", 'x', testing_layers::record("path=" + long_name), ""},
                                                {"short", '0', "long", ""},
                                                {"link", '2', "", "a"},
                                                {"other", '1', "", "a"},
                                                {"empty", '0', "", ""}});
  const std::unique_ptr<ByteSource> layer = layer_of(
      root,
      R"([{"Path":"/dir","Kind":0},{"Path":"/dir/new","Kind":1},{"Path":"/link","Kind":1},{"Path":"/other","Kind":1},)"
      R"({"Path":"/empty","Kind":1},{"Path":"/gone","Kind":2},{"Path":"/dir/old","Kind":2},{"Path":"/)" +
          long_name + R"(","Kind":1}])");
  EXPECT_EQ(entries(*layer),
            (std::vector<std::string>{".//", ".wh.gone: ", "dir/.wh.old: ", "dir/",
                                      "dir/new: " + std::string(40, 'x'), long_name + ": long", "link -> a",
                                      "other -> a", "empty: "}));
}

TEST(Engine, no_changes_are_an_empty_layer) {
  const std::string root = testing_layers::tar({{"a", '0', "x", ""}});
  const std::vector<std::string> nothing = {".//"};
  EXPECT_EQ(entries(*layer_of(root, "null")), nothing);
  EXPECT_EQ(entries(*layer_of(root, "[]")), nothing);
  for (const char* json :
       {"", "{}", "[1]", R"([{"Path":"/x"}])", R"([{"Kind":1}])", R"([{"Path":7,"Kind":1}])",
        R"([{"Path":"/x","Kind":7}])", R"([{"Path":"/x","Kind":"1"}])"})
    EXPECT_FALSE(parse_engine_changes(json)) << json;
}

TEST(Engine, the_names_of_a_container_do_not_make_its_layer_packed) {
  const std::string magics[] = {std::string("P*M\x18\x10\0\0\0", 8), "BZh9", "\x1f\x8b", "(\xb5/\xfd"};
  for (const std::string& name : magics) {
    for (const int kind : {1, 2}) {
      ContainerChanges changes;
      if (kind == 1) changes.written.insert(Path(name));
      if (kind == 2) changes.removed.emplace_back(name);
      changes.written.insert(Path("wanted"));
      const std::string root = testing_layers::tar({{name, '0', "", ""}, {"wanted", '0', "x", ""}});
      std::vector<Note> notes;
      const auto layer = unpack(
          changed_bytes(memory_bytes(root), std::move(changes), {}, std::make_shared<Notes>()), {}, notes);
      ASSERT_TRUE(layer) << layer.error().message;
      EXPECT_EQ(entries(**layer).back(), "wanted: x") << name;
    }
  }
}

TEST(Engine, a_file_of_a_container_is_no_whiteout) {
  const std::string root = testing_layers::tar(
      {{"lib/.wh.status", '0', "", ""}, {".wh..wh..opq", '0', "", ""}, {"lib/status", '0', "x", ""}});
  const auto notes = std::make_shared<Notes>();
  const auto layer = layer_of(root,
                              R"([{"Path":"/lib/.wh.status","Kind":1},{"Path":"/.wh..wh..opq","Kind":1},)"
                              R"({"Path":"/lib/status","Kind":0},{"Path":"/lib/.wh..opq","Kind":2}])",
                              notes);
  EXPECT_EQ(entries(*layer), (std::vector<std::string>{".//", "lib/status: x"}));
  const std::string what = ": has the name of a whiteout: this change of the container was left out";
  EXPECT_EQ(lines(*notes), (std::vector<std::string>{"lib/.wh..opq" + what, "lib/.wh.status" + what,
                                                     ".wh..wh..opq" + what}));
}

TEST(Engine, names_that_are_no_utf8_are_found_and_what_is_not_sent_is_said) {
  const std::string root =
      testing_layers::tar({{"opt/\xff/a", '0', "x", ""}, {"opt/\xfe/a", '0', "y", ""}, {"b", '0', "z", ""}});
  const auto notes = std::make_shared<Notes>();
  const auto layer =
      layer_of(root,
               R"([{"Path":"/opt/\ufffd/a","Kind":1},{"Path":"/gone","Kind":1},{"Path":"/since","Kind":0},)"
               R"({"Path":"/\ufffd","Kind":2}])",
               notes);
  EXPECT_EQ(entries(*layer),
            (std::vector<std::string>{".//", ".wh.\uFFFD: ", "opt/\xff/a: x", "opt/\xfe/a: y"}));
  EXPECT_EQ(lines(*notes),
            (std::vector<std::string>{
                "\uFFFD: is said to be removed: a name that is no UTF-8, if that is meant, is still seen",
                "gone: is said to have changed and was not sent (and 1 more)"}));
}

TEST(Engine, a_root_without_end_is_an_error) {
  const std::string root = testing_layers::tar({{"a", '0', "x", ""}, {"b", '0', "", ""}, {"c", '0', "", ""}});
  for (const Limits& limits : {Limits{.layer_bytes = 2047}, Limits{.entries = 2}}) {
    const auto layer = changed_bytes(memory_bytes(root), {}, limits, std::make_shared<Notes>());
    Result<std::string_view> bytes = layer->next();
    while (bytes && !bytes->empty()) bytes = layer->next();
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, Errc::limit);
  }
}

TEST(Engine, a_root_that_is_cut_short_is_an_error) {
  const std::string root = testing_layers::tar({{"a", '0', std::string(600, 'x'), ""}});
  for (const std::size_t size : {std::size_t{0}, std::size_t{512}, std::size_t{1000}, std::size_t{1536}}) {
    const std::string cut = root.substr(0, size);
    ContainerChanges changes;
    changes.written.insert(Path("a"));
    const std::unique_ptr<ByteSource> layer =
        changed_bytes(memory_bytes(cut), std::move(changes), {}, std::make_shared<Notes>());
    Result<std::string_view> bytes = layer->next();
    while (bytes && !bytes->empty()) bytes = layer->next();
    EXPECT_FALSE(bytes) << size;
  }
}

}  // namespace
}  // namespace peekr
