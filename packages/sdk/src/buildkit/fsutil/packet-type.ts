/** What a packet is. */
export const packetType = { stat: 0, request: 1, data: 2, finish: 3, error: 4 } as const;
