// A spatial method in one pass: colour at render size -> display size. METHOD is one of the filters' functions.
uniform sampler2D color;
out vec4 fragment;

void main() {
  fragment = clamp(METHOD(color, renderPosition()), 0.0, 1.0);
}
