# SPDX-License-Identifier: Apache-2.0
def images(image, variant):
    other = type(image)([image.tars[1]], image.form, "arm64", "example:2")
    image.tars, image.blobs, image.media_types = image.tars[:1], image.blobs[:1], image.media_types[:1]
    other.architecture = "amd64"
    return [image, other]
