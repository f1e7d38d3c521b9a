import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { setUpLanguage } from './i18n/setup.ts';
import { WordsProvider } from './i18n/words.tsx';
import { colourManager } from './shell/colours.ts';
import { theme } from './shell/theme.ts';
import './styles/mantine.css';
import './styles/tokens.css';
import './styles/base.css';

setUpLanguage();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element');

createRoot(root).render(
  <StrictMode>
    {/* Variables and helper classes would be inline style elements, which the content security policy forbids: tokens.css says them. */}
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colourManager}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={new QueryClient()}>
        <WordsProvider>
          <App />
        </WordsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
