def change(image, variant):
    image.history = [
        {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "},
        {"created_by": '/bin/sh -c #(nop)  CMD ["bash"]', "empty_layer": True},
        {"created_by": "RUN apt-get install -y wget # buildkit"},
        {"created_by": 'CMD ["/app"]', "empty_layer": True},
    ]
