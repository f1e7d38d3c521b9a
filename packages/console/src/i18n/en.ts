import { errorsEn } from './errors.ts';
import { pagesEn } from './pages.ts';
import { agentsEn } from '../agents/words.ts';
import { callCentersEn } from '../callcenters/words.ts';
import { practiceEn } from '../demo/words.ts';
import { monitoringEn } from '../monitoring/words.ts';
import { softphoneEn } from '../softphone/words.ts';
import { administrationEn } from '../administration/words.ts';
import { historyEn } from '../history/words.ts';
import { meEn } from '../me/words.ts';
import { partsEn } from '../parts/words.ts';
import type { Words } from './ja.ts';

/** What the console says in English. */
export const en: Words = {
  page: {
    navigation: 'Pages',
    forbidden: 'You do not have permission',
    forbiddenDetail: 'Your role does not include this page.',
    notFound: 'No such page',
    notFoundDetail: 'Check the address, or choose from the menu above.',
    skip: 'Skip to content',
    loading: 'Loading',
    unreachable: 'The server cannot be reached. Trying again by itself.',
    retry: 'Try now',
  },
  preferences: {
    language: 'Language',
    toDark: 'Use dark colours',
    toLight: 'Use light colours',
  },
  session: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    lead: 'Call center console',
    loginName: 'Login name',
    password: 'Password',
    code: 'Code',
    codeHint: 'Enter the 6 digits of your authenticator app, or a recovery code.',
    startAgain: 'Sign in with another account',
    show: 'Show password',
    hide: 'Hide password',
    required: 'Please fill in.',
    ended: 'Your session has ended. Please sign in again.',
    waitSeconds: 'You can try again in {{seconds}} s.',
    waitMinutes: 'You can try again in {{minutes}} min {{seconds}} s.',
    mayRetry: 'You can try again now.',
    role: {
      system_administrator: 'System administrator',
      supervisor: 'Supervisor',
      user: 'User',
    },
  },
  password: {
    title: 'Set a new password',
    lead: 'You are signed in with a one-time password. To go on, set a password that only you know.',
    current: 'Current (one-time) password',
    next: 'New password',
    again: 'New password, again',
    hint: 'At least {{length}} characters. A long phrase that you use nowhere else is best.',
    tooShort: 'Use at least {{length}} characters.',
    same: 'Choose one that differs from the current password.',
    mismatch: 'The two entries differ.',
    submit: 'Set and go on',
    currentWrong: 'The current password is wrong.',
  },
  error: {
    ...errorsEn,
    NETWORK: 'The server does not answer. Check the connection and try again.',
    ANSWER_UNREADABLE: 'The answer of the server could not be read. Try again in a while.',
    SIGN_IN_FAILED: 'The login name or the password is wrong.',
    SIGN_IN_THROTTLED: 'Too many failures: signing in is refused for a while.',
    SESSION_NONE: 'Your session has ended. Please sign in again.',
    PASSWORD_TOO_WEAK:
      'This password is easy to guess. Use at least five different characters, and not the login name.',
    BAD_REQUEST: 'The entry is too long or holds characters that cannot be used.',
    ORIGIN_REFUSED: 'This page was opened from another address. Open the address of the console itself.',
    DATABASE_UNAVAILABLE: 'The server has lost its database. Try again in a while.',
    INTERNAL: 'Something failed at the server. Ask the administrator to look at its log.',
    other: 'Something went wrong ({{code}}).',
  },
  feed: {
    connecting: 'Connecting…',
    age: 'Updated {{age}} ago',
    seconds: '{{n}} s',
    minutes: '{{n}} min',
    hours: '{{n}} h',
    live: 'Updating live.',
    lost: 'The connection is lost. Reconnecting…',
    lostDetail: 'What you see is {{age}} old and may differ from now.',
    engineDown: 'The phone engine is not connected.',
    engineDownDetail: 'Phone registration and call statuses may differ from now.',
    forbidden: 'You do not have permission',
    forbiddenDetail: 'System administrators and supervisors can see the list of agents.',
  },
  agents: agentsEn,
  callCenters: callCentersEn,
  pages: pagesEn,
  monitoring: monitoringEn,
  practice: practiceEn,
  softphone: softphoneEn,
  parts: partsEn,
  history: historyEn,
  administration: administrationEn,
  me: meEn,
  status: {
    ready: 'Ready',
    after_call_work: 'After-call work',
    on_break: 'On break',
    away: 'Away',
    signed_off: 'Signed off',
    ringing: 'Ringing',
    call_center_call: 'In a call',
    external_call: 'External call',
    outgoing_call: 'Outgoing call',
    internal_call: 'Internal call',
    on_hold: 'On hold',
  },
};
