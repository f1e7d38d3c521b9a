import { createTheme, Input } from '@mantine/core';

/**
 * Choices that Mantine reads in script. Colours, fonts and sizes are custom properties in styles/tokens.css: with `withCssVariables` off,
 * values given here would not reach the page.
 */
export const theme = createTheme({
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Hints stand under their fields, so that fields beside each other are on one line.
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    }),
  },
});
