import { useMutation } from '@tanstack/react-query';
import type {
  AgentView,
  BaseStatus,
  MonitoringStartRequest,
  MonitoringView,
} from '../../../server/src/http/contract.ts';
import { ApiError, send } from '../api/client.ts';
import type { MonitoringMode } from './rules.ts';

/** Starts a session; what becomes of it comes with the feed. */
export function useStartMonitoring() {
  return useMutation<MonitoringView, ApiError, Omit<MonitoringStartRequest, 'door'>>({
    mutationFn: (request) =>
      send<MonitoringView>('POST', '/api/monitoring', { ...request, door: 'realtime_monitor' }),
    networkMode: 'always',
  });
}

export function useChangeMonitoring(id: string) {
  return useMutation<MonitoringView, ApiError, MonitoringMode>({
    mutationFn: (mode) => send<MonitoringView>('PATCH', `/api/monitoring/${id}`, { mode }),
    networkMode: 'always',
  });
}

export function useEndMonitoring(id: string) {
  return useMutation<unknown, ApiError>({
    mutationFn: () => send('DELETE', `/api/monitoring/${id}`),
    networkMode: 'always',
  });
}

/** @param account the agent's; `me` for oneself */
export function useChangeStatus(account: number | 'me') {
  return useMutation<AgentView, ApiError, BaseStatus>({
    mutationFn: (status) => send<AgentView>('PUT', `/api/agents/${account}/status`, { status }),
    networkMode: 'always',
  });
}
