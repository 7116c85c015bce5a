// SPDX-License-Identifier: Apache-2.0
#include "report/dockerfile.h"

#include <gtest/gtest.h>

#include "report/plan.h"

namespace peekr {
namespace {

// Of an image that runs as `user`.
Result<DockerfilePatch> dockerfile_patch(const Remediation& plan, const std::string& name,
                                         std::string_view text, const std::string& user) {
  Report report;
  report.image.entry.user = user;
  return peekr::dockerfile_patch(report, plan, {.name = name, .text = text});
}

// "run 2-5": the word of each instruction, and which lines are its own, counted from 1.
std::string outline(std::string_view text) {
  std::string out;
  for (const Instruction& one : read_dockerfile(text).all)
    out += one.word + " " + std::to_string(one.first + 1) + "-" + std::to_string(one.end) + "\n";
  return out;
}

TEST(Dockerfile, a_here_document_begins_behind_the_whole_instruction) {
  EXPECT_EQ(outline("FROM a\nRUN --mount=type=cache,target=/c \\\n    cat > /x <<'SH'\nFROM b\nSH\nRUN c\n"),
            "from 1-1\nrun 2-5\nrun 6-6\n");
  EXPECT_EQ(outline("RUN cat <<A \\\n  <<B > /x\nRUN a\nA\nRUN b\nB\nRUN c\n"), "run 1-6\nrun 7-7\n");
}

TEST(Dockerfile, here_documents_have_quoted_names_tabs_and_descriptors) {
  EXPECT_EQ(outline("RUN cat <<\"E O\"\nEO\nE O\nCMD x"), "run 1-3\ncmd 4-4\n");
  EXPECT_EQ(outline("RUN cat <<-EOF\n\ta\n\tEOF\nCMD x"), "run 1-3\ncmd 4-4\n");
  EXPECT_EQ(outline("RUN cat <<EOF\n\tEOF\nEOF\nCMD x"), "run 1-3\ncmd 4-4\n")
      << "no tabs in front of the end";
  EXPECT_EQ(outline("RUN cat 3<<EOF\nRUN\nEOF\nCMD x"), "run 1-3\ncmd 4-4\n");
  EXPECT_EQ(outline("ADD <<EOF /x\nRUN\nEOF\nCMD x"), "add 1-3\ncmd 4-4\n");
  EXPECT_EQ(outline("ONBUILD COPY <<EOF /x\nRUN\nEOF\nCMD x"), "onbuild 1-3\ncmd 4-4\n");
  EXPECT_EQ(outline("RUN cat <<EOF\r\nRUN\r\nEOF\r\nCMD x\r\n"), "run 1-3\ncmd 4-4\n");
}

TEST(Dockerfile, what_only_looks_like_a_here_document_is_none) {
  for (const std::string line :
       {"LABEL d=\"see <<EOF\"", "ENV A=<<EOF", "RUN echo \"a <<EOF b\"", "RUN bash -c 'echo $((1<<EOF))'",
        "RUN [\"sh\",\"-c\",\"cat <<EOF\"]", "RUN [ \"<<EOF\" ]", "RUN echo a<<EOF", "RUN cat <<<EOF",
        "RUN cat <<", "RUN echo \\<<EOF", "RUN echo ' <<EOF", "CMD cat <<EOF", "ONBUILD LABEL a <<EOF"}) {
    EXPECT_EQ(read_dockerfile(line + "\nFROM b\n").all.size(), 2u) << line;
  }
}

TEST(Dockerfile, lines_go_on_over_comments_and_empty_ones_and_by_the_escape_that_is_said) {
  EXPECT_EQ(outline("RUN a \\\n\n# x\n  b\nRUN c"), "run 1-4\nrun 5-5\n");
  EXPECT_EQ(outline("RUN a \\  \nb\nRUN c:\\\\\nRUN d"), "run 1-2\nrun 3-3\nrun 4-4\n");
  EXPECT_EQ(outline("# syntax=x\n#  Escape = ` \nRUN dir c:\\\nRUN a `\nb\n"), "run 3-3\nrun 4-5\n");
  EXPECT_EQ(outline("# a comment\n# escape=`\nRUN a \\\nb\n"), "run 3-4\n") << "it is a comment, too";
  EXPECT_EQ(outline("\xEF\xBB\xBF"
                    "FROM a\nRUN b"),
            "from 1-1\nrun 2-2\n");
  EXPECT_EQ(outline("RUN a \\"), "run 1-1\n");
  EXPECT_EQ(outline(""), "");
}

TEST(Dockerfile, stages_are_found_by_name_and_number) {
  const Dockerfile file =
      read_dockerfile("FROM debian:12 AS Base\nRUN a\nFROM base\nFROM --platform=x scratch as c\n");
  const Instruction* last = last_from(file);
  EXPECT_EQ(from_of(last->text).image, "scratch");
  EXPECT_EQ(stage_named(file, "BASE", last), &file.all[0]);
  EXPECT_EQ(stage_named(file, "1", last), &file.all[2]);
  EXPECT_EQ(stage_named(file, "c", last), nullptr) << "it is not in front of itself";
  EXPECT_EQ(base_line(file, &file.all[2]), &file.all[0]);
  EXPECT_EQ(end_of_stage(file, &file.all[0]), &file.all[2]);
}

TEST(Dockerfile, who_an_image_runs_as_is_the_base_images_user_where_there_is_no_other) {
  Remediation plan;
  plan.actions.push_back({.type = "deb", .command = "x"});
  const auto added = [&](std::string_view text, const std::string& user) {
    return dockerfile_patch(plan, "D", text, user)->diff.find("+USER root\n+RUN x\n+USER " + user + "\n") !=
           std::string::npos;
  };
  EXPECT_TRUE(added("FROM a\n", "app"));
  EXPECT_TRUE(added("FROM a AS b\nFROM b\nRUN c\n", "1000:1000"));
  for (const std::string user : {"", "root", "0:0"}) EXPECT_FALSE(added("FROM a\n", user)) << user;
  EXPECT_FALSE(added("FROM a\nUSER app\n", "app")) << "it is the last stage's own";
  EXPECT_FALSE(added("FROM scratch\nRUN a\n", "app"));
  EXPECT_EQ(dockerfile_patch(plan, "D", "FROM a\n", "a\nRUN b")->diff, "");
  plan.actions = {{.type = "deb", .command = "purge", .steps = {{.name = "a", .from = "1"}}}};
  EXPECT_EQ(dockerfile_patch(plan, "D", "FROM a\n", "app")->outside,
            (std::vector<std::string>{"deb: there is a USER: purge"}));
}

TEST(Dockerfile, what_is_a_projects_is_done_by_root_too_wherever_it_stands) {
  Remediation plan;
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "x"});
  const auto adds = [&](std::string_view text, const std::string& lines, const std::string& user) {
    const DockerfilePatch patch = *dockerfile_patch(plan, "D", text, user);
    return lines.empty() ? patch.diff.empty() : patch.diff.contains("\n" + lines);
  };
  const std::string line = "+RUN cd /app && x\n", both = "+USER root\n" + line + "+USER app\n";
  EXPECT_TRUE(adds("FROM a\nUSER app\nRUN b\n", " RUN b\n" + both, "app"));
  EXPECT_TRUE(adds("FROM a AS b\nUSER app\nFROM b\nCOPY c /\n", " COPY c /\n" + both, "app"));
  EXPECT_TRUE(adds("FROM a\nRUN b\n", " RUN b\n" + both, "app")) << "it is the base image's";
  EXPECT_TRUE(adds("FROM a\nUSER app\nUSER root\nRUN b\nUSER app\n", " RUN b\n" + line + " USER app", "app"));
  EXPECT_TRUE(adds("FROM a\nRUN b\nUSER app\n", " RUN b\n" + line + " USER app", "app"));
  EXPECT_TRUE(adds("FROM a\nUSER $APP\nRUN b\n", "", "app"));
  EXPECT_EQ(dockerfile_patch(plan, "D", "FROM a\nUSER $APP\nRUN b\n", "app")->outside,
            std::vector<std::string>{"npm /app: who runs things there has no plain name: x"});
}

TEST(Dockerfile, nothing_is_put_behind_an_instruction_that_goes_on_where_the_file_ends) {
  Remediation plan;
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "x"});
  for (const char* end :
       {"RUN b \\", "RUN b \\\n", "RUN b \\\n\n# c\n", "RUN cat <<EOF\nb\n", "FROM b \\\n"}) {
    const Result<DockerfilePatch> patch = dockerfile_patch(plan, "D", "FROM a\n" + std::string(end), "");
    ASSERT_FALSE(patch.has_value()) << end;
    EXPECT_EQ(patch.error().message, "D: its last instruction has no end: what is added would be of it");
  }
  EXPECT_NE(dockerfile_patch(plan, "D", "FROM a\nRUN b\nCMD c \\", "")->diff, "");
}

TEST(Dockerfile, lines_are_for_a_shell_that_reads_them) {
  Remediation plan;
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "x"});
  plan.actions.push_back({.type = "deb", .command = "y"});
  const auto left_out = [&](std::string_view text) { return dockerfile_patch(plan, "D", text, "")->outside; };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(left_out("FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN b\n"), Texts());
  EXPECT_EQ(left_out("FROM a\nSHELL [\"conda\", \"run\", \"bash\", \"-c\"]\nRUN b\n"), Texts());
  const std::string python = "SHELL [\"python3\", \"-c\"]\n",
                    npm = "npm /app: its SHELL there reads no such line: x",
                    deb = "deb: its SHELL there reads no such line: y";
  EXPECT_EQ(left_out("FROM a\n" + python + "RUN b\n"), Texts{npm});
  EXPECT_EQ(left_out("FROM a\nRUN b\n" + python), Texts());
  EXPECT_EQ(left_out("FROM a AS c\n" + python + "FROM c\n"), (Texts{npm, deb}));
}

// dnf 4.14: "No packages marked for upgrade", exit code 1, where none of the names is installed.
TEST(Dockerfile, what_dnf_upgrades_is_installed_there) {
  Report report;
  report.image.base = {.layers = 1, .by = std::string(kByLayers) + "almalinux:9"};
  report.inventory.packages = {{.type = "rpm", .name = "a", .layer = 0},
                               {.type = "rpm", .name = "b", .layer = 1}};
  const auto diff = [&](std::string type, std::vector<std::size_t> packages) {
    Remediation plan;
    plan.actions.push_back({.type = std::move(type),
                            .command = "up",
                            .steps = {{.name = "s", .to = "2", .packages = std::move(packages)}}});
    plan.actions.push_back({.type = "npm", .where = "/app", .command = "x"});
    const std::string_view text = "FROM a\nRUN dnf install -y b\nCMD c\n";
    return peekr::dockerfile_patch(report, plan, {.name = "D", .text = text})->diff;
  };
  const std::string early = " FROM a\n+RUN up\n RUN dnf install -y b\n+RUN cd",
                    late = " FROM a\n RUN dnf install -y b\n+RUN up\n+RUN cd";
  EXPECT_NE(diff("rpm", {0}).find(early), std::string::npos);
  EXPECT_NE(diff("rpm", {0, 2}).find(early), std::string::npos) << "2 is of another base image";
  for (const std::vector<std::size_t>& packages : {std::vector<std::size_t>{1}, {0, 1}})
    EXPECT_NE(diff("rpm", packages).find(late), std::string::npos) << diff("rpm", packages);
  EXPECT_NE(diff("deb", {1}).find(early), std::string::npos) << "apt-get passes over it";
  report.image.base.by = "the build history";
  EXPECT_NE(diff("rpm", {0}).find(late), std::string::npos) << "that is a guess";
}

TEST(Dockerfile, the_patch_is_of_the_stage_that_the_image_is) {
  Remediation plan;
  plan.actions.push_back({.type = "deb", .command = "x"});
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "y"});
  const std::string_view text = "FROM a AS prod\nRUN b\nFROM prod AS test\nRUN c\n";
  const auto patch = [&](const std::string& target) {
    return peekr::dockerfile_patch({}, plan, {.name = "D", .text = text, .target = target});
  };
  for (const char* target : {"prod", "PROD", "0"}) {
    EXPECT_NE(
        patch(target)->diff.find(" FROM a AS prod\n+RUN x\n RUN b\n+RUN cd /app && y\n FROM prod AS test\n"),
        std::string::npos)
        << patch(target)->diff;
    EXPECT_EQ(patch(target)->stage, "");
  }
  EXPECT_NE(patch("")->diff.find(" FROM prod AS test\n+RUN x\n RUN c\n+RUN cd /app && y\n"),
            std::string::npos);
  EXPECT_EQ(patch("")->stage, "test (line 3)");
  EXPECT_EQ(peekr::dockerfile_patch({}, plan, {.name = "D", .text = "FROM a\nFROM b"})->stage, "line 2");
  EXPECT_EQ(peekr::dockerfile_patch({}, plan, {.name = "D", .text = "FROM a AS b"})->stage, "");
  EXPECT_EQ(patch("prd").error().message, "D: no stage prd");
}

TEST(Dockerfile, what_goes_up_in_a_lock_file_is_not_for_the_image) {
  Remediation plan;
  plan.actions.push_back({.type = "pypi", .where = "/app/poetry.lock", .command = "x"});
  plan.actions.push_back({.type = "gem", .where = "/app/gems.locked", .command = "y"});
  EXPECT_EQ(dockerfile_patch(plan, "D", "FROM a\n", "")->diff, "");
  EXPECT_EQ(dockerfile_patch(plan, "D", "FROM a\n", "")->outside,
            (std::vector<std::string>{"pypi /app/poetry.lock: x", "gem /app/gems.locked: y"}));
}

TEST(Dockerfile, a_name_in_which_a_line_or_a_quote_would_end_is_written_as_git_does) {
  Remediation plan;
  plan.actions.push_back({.type = "deb", .command = "y"});
  const auto head = [&](const std::string& name) {
    const std::string diff = dockerfile_patch(plan, name, "FROM a\n", "")->diff;
    return diff.substr(0, diff.find('\n'));
  };
  EXPECT_EQ(head("a b"), "--- a/a b\t");
  EXPECT_EQ(head("a\tb c"), "--- \"a/a\\tb c\"");
  EXPECT_EQ(head("\"\\\n\x01"), "--- \"a/\\\"\\\\\\n\\001\"");
  EXPECT_EQ(head("\u00e4"), "--- a/\u00e4");
}

TEST(Dockerfile, the_mark_of_utf8_and_the_end_of_its_line_stay_where_the_base_image_is_changed) {
  Remediation plan;
  plan.actions.push_back({.type = "oci", .where = "debian:12", .command = "FROM debian:12.12"});
  EXPECT_EQ(dockerfile_patch(plan, "D",
                             "\xEF\xBB\xBF"
                             "FROM debian:12\r\n",
                             "")
                ->diff,
            "--- a/D\n+++ b/D\n@@ -1,1 +1,1 @@\n-\xEF\xBB\xBF"
            "FROM debian:12\r\n+\xEF\xBB\xBF"
            "FROM debian:12.12\r\n");
}

}  // namespace
}  // namespace peekr
