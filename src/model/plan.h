// SPDX-License-Identifier: Apache-2.0
// Remediation: what to do about the findings of an image, and what each action removes: found by judging the image as it would be
// then.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// The type of the action that changes the base image: that of an image's package URL.
inline constexpr std::string_view kBaseImage = "oci";

struct Remediation {
  // The packages of one source, or one package of a language, from one version to another.
  struct Step {
    std::string name, from, to;         // to: empty where it is not there then
    bool direct = false;                // npm: the project itself asks for it
    std::string through;                // npm: what the project asks for that needs it; empty: not known
    std::vector<std::size_t> packages;  // indices into Inventory::packages
    std::vector<std::string> removes;   // ids of vulnerabilities, the most severe first
  };
  struct Action {
    std::string type;  // package URL type; kBaseImage
    std::string
        where;  // what is to be changed: a project's folder, a program, an archive, the base image; empty: the system
    std::string command;  // empty: peekr knows none
    std::string words;    // beside the command, or instead of it
    std::string missing;  // the program that the command needs and the image does not have; empty: it has it
    std::vector<Step> steps;
    std::array<std::size_t, 6> removes{};  // vulnerabilities by severity, each once for a step
    double risk = 0;                       // sum of their risks
    std::size_t base = 0;                  // of them in the base image's layers
  };
  std::vector<Action> actions;        // the one that removes the most risk first
  std::size_t before = 0, after = 0;  // vulnerabilities, each once for a step's package
  double risk_before = 0, risk_after = 0;
  std::vector<std::string> unfixable;  // ids that stay because there is no fix
  // Where a fix is known and no action has it: "npm NAME VERSION: why: CVE-..., CVE-..."
  std::vector<std::string> staying;
  // Of the old version, what only the new one has: "npm NAME VERSION: CVE-..."
  std::vector<std::string> brings;
  // What is known of later base images, where no action changes it; empty: none has findings, or one does.
  std::string base_image;
};

// Whether it takes packages of the system out.
[[nodiscard]] inline bool is_removal(const Remediation::Action& action) {
  return action.where.empty() && !action.steps.empty() && action.steps.front().to.empty();
}

}  // namespace peekr
